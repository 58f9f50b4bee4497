import { checkOptionNames, isId, MAX_TTL_SECONDS } from "../backend/checks.ts";
import { randomText } from "../random.ts";
import type { SessionFormat } from "./format.ts";
import { checkedJson, copyJson, corrupt, isJsonObject, type Json, Room, readJson, toMap } from "./json.ts";
import { JsonWriter } from "./json-writer.ts";
import { KeptTexts, type TextedRecord } from "./kept-texts.ts";
import type { FlashEntry, SessionRecord } from "./record.ts";

/**
 * The options of {@link expressFormat}.
 *
 * @public
 */
export interface ExpressFormatOptions {
  /**
   * What stands before the id in the key.
   *
   * @defaultValue `"sess:"`, as connect-redis has it; connect-memcached has `""`
   */
  readonly prefix?: string | undefined;
  /**
   * What is different in the cookie object of sessions that are not created by express-session, which creates its own; its
   * `originalMaxAge` for instance, in milliseconds.
   *
   * @defaultValue `{ originalMaxAge: null, expires: null, httpOnly: true, path: "/" }`, the defaults of express-session
   */
  readonly cookie?: { readonly [name: string]: Json } | undefined;
}

/** More than a header can carry. */
const MAX_COOKIE_BYTES = 65_536;

/**
 * The format of express-session and of \@fastify/session, as connect-redis and its like store it: one JSON object with the
 * attributes, and a member `cookie`.
 *
 * @remarks
 * - Metadata: `cookie`, the cookie object. Without one express-session crashes, so that every record has one.
 * - Flashes are those of connect-flash: arrays by type in the member `flash`. They have no ids; equal ones are the same to it.
 * - The time to live is the cookie's `originalMaxAge`, or else the idle timeout (a day, as connect-redis has it). It restarts
 *   with every use. The stored `cookie.expires` decides nothing, as stores that only touch leave it behind; but without a
 *   maximal age a session ends at an `expires` that is still to come, and one below a second, which no store counts, ends at
 *   that of its last save.
 * - Records have no place for a token, so that a lost reply can leave a doubt that cannot be cleared up, and no time of creation.
 *
 * @throws `RangeError` or `TypeError` for an option that cannot be used.
 *
 * @public
 */
export function expressFormat(options: ExpressFormatOptions = {}): SessionFormat {
  const { prefix = "sess:", cookie = {} } = options;
  checkOptionNames("expressFormat", options, ["prefix", "cookie"]);
  if (typeof prefix !== "string" || !prefix.isWellFormed()) throw new TypeError("prefix must be a well-formed text.");
  const given = copyJson(cookie, new Room(MAX_COOKIE_BYTES));
  if (!isJsonObject(given)) throw new TypeError("cookie must be an object.");
  if ("maxAge" in given) throw new TypeError("A stored cookie has originalMaxAge, in milliseconds, and no maxAge.");
  const defaultCookie: Json = { originalMaxAge: null, expires: null, httpOnly: true, path: "/", ...given };
  const writer = new JsonWriter();
  return {
    name: "express",
    defaults: { idleTimeoutSeconds: 86_400 },
    adoptsIds: true,
    keepsTokens: false,
    keepsForwards: false,
    createId: () => randomText(32),
    isId: (id) => id !== "" && isId(prefix + id),
    keyPrefix: prefix,
    keyOf: (id) => prefix + id,
    idOf: (key) => (key.startsWith(prefix) ? key.slice(prefix.length) : undefined),
    create: (): TextedRecord => ({
      attributes: new Map(),
      flashes: new Map(),
      metadata: new Map([["cookie", defaultCookie]]),
      tokens: [],
      texts: new KeptTexts(),
    }),
    decode,
    encode: (record) => encode(record, writer),
    flashEntry,
    stamp,
    ttlSeconds: ({ metadata }, limits, now) => secondsLeft(metadata.get("cookie"), now) ?? limits.idleTimeoutSeconds,
    ttlSecondsOfRead: () => undefined,
    checkAttribute(name, value) {
      if (name === "cookie") throw new TypeError('In the express format, "cookie" is metadata and no attribute.');
      if (name !== "flash" || !isFlashes(value) || isWithoutMessages(value)) return;
      throw new TypeError(
        'In the express format, an attribute "flash" of arrays by type is what `session.flash` adds.',
      );
    },
    checkMetadata(name, value) {
      if (name !== "cookie") throw new TypeError(`The express format has no metadata "${name}".`);
      if (!isJsonObject(value)) throw new TypeError("The cookie must be an object.");
    },
  };
}

/** Stores end sessions some seconds late at most. One that is there for longer after its end has been touched by another program. */
const MAX_LATENESS_MS = 10_000;

/** `undefined` for a cookie that ends with the browser's session, which a server does not see. */
function secondsLeft(cookie: Json | undefined, now: number): number | undefined {
  if (!isJsonObject(cookie)) return undefined;
  const { originalMaxAge: ageMs } = cookie;
  const endsAt = timeOf(cookie.expires);
  if (typeof ageMs === "number") return toSeconds(endsAt !== undefined && isBelowSecond(ageMs) ? endsAt - now : ageMs);
  return endsAt !== undefined && endsAt > now - MAX_LATENESS_MS ? toSeconds(endsAt - now) : undefined;
}

function isBelowSecond(ageMs: number): boolean {
  return ageMs > 0 && ageMs < 1000;
}

function toSeconds(ms: number): number {
  return Math.min(Math.ceil(ms / 1000), MAX_TTL_SECONDS);
}

/** Milliseconds since 1970. */
function timeOf(expires: Json | undefined): number | undefined {
  const time = typeof expires === "string" ? Date.parse(expires) : expires;
  return typeof time === "number" && !Number.isNaN(time) ? time : undefined;
}

/** Kept true for programs that go by it: @fastify/session gives up a session whose cookie seems to have expired. */
function stamp(record: SessionRecord, now: number): SessionRecord {
  const cookie = record.metadata.get("cookie");
  const stamped = isJsonObject(cookie) ? withExpiry(cookie, now) : cookie;
  return stamped === cookie ? record : { ...record, metadata: new Map([["cookie", stamped ?? null]]) };
}

function withExpiry(cookie: { readonly [name: string]: Json }, now: number): Json {
  const { originalMaxAge } = cookie;
  if (typeof originalMaxAge !== "number") return cookie;
  const end = new Date(now + originalMaxAge);
  if (Number.isNaN(end.valueOf())) return cookie;
  const expires = end.toISOString();
  return "originalExpires" in cookie ? { ...cookie, expires, originalExpires: expires } : { ...cookie, expires };
}

function encode({ attributes, flashes, metadata, texts }: TextedRecord, writer: JsonWriter): Uint8Array {
  const flash = attributes.get("flash");
  if (flashes.size > 0 && flash !== undefined && !isWithoutMessages(flash)) {
    throw new TypeError('There is an attribute "flash" already that does not look as connect-flash leaves it.');
  }
  writer.begin(texts);
  writer.addText("{");
  writer.addMember("cookie", metadata.get("cookie") ?? null);
  attributes.forEach((value, name) => {
    if (name !== "flash" || flashes.size === 0) writer.addMember(name, value);
  });
  if (flashes.size > 0) writer.addMember("flash", flashesToJson(flashes, flash));
  writer.addText("}");
  return writer.finish();
}

/** Types without messages are an attribute, and stand in the same object. */
function flashesToJson(flashes: SessionRecord["flashes"], withoutMessages: Json = {}): Json {
  const waiting = [...flashes].map(([type, entries]) => [type, entries.map(({ value }) => value)] as const);
  return Object.fromEntries([...Object.entries(withoutMessages as object), ...waiting]);
}

function decode(data: Uint8Array): TextedRecord {
  const { value: json, isChecked } = readJson(data);
  if (!isJsonObject(json)) throw corrupt("it is no object");
  const { cookie } = json;
  if (!isJsonObject(cookie)) throw corrupt("it has no cookie object");
  const attributes = toMap(json);
  attributes.delete("cookie");
  const flashes = takeFlashes(attributes);
  if (!isChecked) {
    for (const value of [cookie, ...attributes.values()]) checkedJson(value);
    for (const { value } of [...flashes.values()].flat()) checkedJson(value);
  }
  const texts = new KeptTexts().take(data, json);
  return { attributes, flashes, metadata: new Map([["cookie", cookie]]), tokens: [], texts };
}

/** Types without messages are left, and so is what is not of connect-flash. */
function takeFlashes(attributes: Map<string, Json>): Map<string, FlashEntry[]> {
  const flash = attributes.get("flash");
  if (!isFlashes(flash) || isWithoutMessages(flash)) return new Map();
  const types = Object.entries(flash);
  const empty = types.filter(([, { length }]) => length === 0);
  if (empty.length > 0) attributes.set("flash", Object.fromEntries(empty));
  else attributes.delete("flash");
  const waiting = types.filter(([, { length }]) => length > 0);
  return new Map(waiting.map(([type, values]) => [type, values.map(flashEntry)]));
}

function isWithoutMessages(json: Json): boolean {
  return isFlashes(json) && Object.values(json).every(({ length }) => length === 0);
}

function isFlashes(json: Json | undefined): json is { readonly [type: string]: readonly Json[] } {
  return isJsonObject(json) && Object.values(json).every(Array.isArray);
}

function flashEntry(value: Json): FlashEntry {
  return { id: JSON.stringify(value), value };
}
