import { checkOptionNames, isId, MAX_TTL_SECONDS } from "../arguments.ts";
import { checkedJson, copyJson, corrupt, encodeJson, isJsonObject, type Json, parseJson } from "../session/json.ts";
import { randomText } from "../session/random.ts";
import type { FlashEntry, SessionRecord } from "../session/record.ts";
import type { SessionFormat } from "./format.ts";

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

/**
 * The format of express-session and of \@fastify/session, as connect-redis and its like store it: one JSON object with the
 * attributes, and a member `cookie`.
 *
 * @remarks
 * - Metadata: `cookie`, the cookie object. Without one express-session crashes, so that every record has one.
 * - Flashes are those of connect-flash: arrays by type in the member `flash`. They have no ids; equal ones are the same to it.
 * - The time to live is the cookie's `originalMaxAge`, or else the idle timeout (a day, as connect-redis has it). It restarts
 *   with every use. The stored `cookie.expires` is nobody's authority: stores that only touch leave it behind.
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
  const given = copyJson(cookie);
  if (!isJsonObject(given)) throw new TypeError("cookie must be an object.");
  if ("maxAge" in given) throw new TypeError("A stored cookie has originalMaxAge, in milliseconds, and no maxAge.");
  const defaultCookie: Json = { originalMaxAge: null, expires: null, httpOnly: true, path: "/", ...given };
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
    create: () => ({
      attributes: new Map(),
      flashes: new Map(),
      metadata: new Map([["cookie", defaultCookie]]),
      tokens: [],
    }),
    decode,
    encode,
    flashEntry,
    stamp,
    ttlSeconds: ({ metadata }, { idleTimeoutSeconds }) => maxAgeSeconds(metadata.get("cookie")) ?? idleTimeoutSeconds,
    ttlSecondsOfRead: () => undefined,
    checkAttribute(name, value) {
      if (name === "cookie") throw new TypeError('In the express format, "cookie" is metadata and no attribute.');
      if (name !== "flash" || flashesOf(value) === undefined) return;
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

/** `undefined` for a cookie that ends with the browser's session, which a server does not see. */
function maxAgeSeconds(cookie: Json | undefined): number | undefined {
  const maxAgeMs = isJsonObject(cookie) ? cookie.originalMaxAge : undefined;
  if (typeof maxAgeMs !== "number") return undefined;
  return Math.min(Math.ceil(maxAgeMs / 1000), MAX_TTL_SECONDS);
}

/** Kept true for programs that go by it: @fastify/session gives up a session whose cookie seems to have expired. */
function stamp(record: SessionRecord, now: number): SessionRecord {
  const cookie = record.metadata.get("cookie");
  if (!isJsonObject(cookie)) return record;
  return { ...record, metadata: new Map([["cookie", withExpiry(cookie, now)]]) };
}

function withExpiry(cookie: { readonly [name: string]: Json }, now: number): Json {
  const { originalMaxAge } = cookie;
  const end = new Date(now + Number(originalMaxAge));
  if (typeof originalMaxAge !== "number" || Number.isNaN(end.valueOf())) return cookie;
  const expires = end.toISOString();
  return "originalExpires" in cookie ? { ...cookie, expires, originalExpires: expires } : { ...cookie, expires };
}

function encode({ attributes, flashes, metadata }: SessionRecord): Uint8Array {
  const flash = attributes.get("flash");
  if (flashes.size > 0 && flash !== undefined && !isWithoutMessages(flash)) {
    throw new TypeError('There is an attribute "flash" already that does not look as connect-flash leaves it.');
  }
  const members = new Map<string, Json>([["cookie", metadata.get("cookie") ?? null], ...attributes]);
  if (flashes.size > 0) members.set("flash", flashesToJson(flashes));
  return encodeJson(Object.fromEntries(members));
}

function flashesToJson(flashes: SessionRecord["flashes"]): Json {
  return Object.fromEntries([...flashes].map(([type, entries]) => [type, entries.map(({ value }) => value)]));
}

function decode(data: Uint8Array): SessionRecord {
  const json = parseJson(data);
  if (!isJsonObject(json)) throw corrupt("it is no object");
  const { cookie, ...members } = json;
  if (!isJsonObject(cookie)) throw corrupt("it has no cookie object");
  const attributes = new Map(Object.entries(members));
  const flashes = flashesOf(attributes.get("flash"));
  if (flashes) attributes.delete("flash");
  for (const value of [cookie, ...attributes.values()]) checkedJson(value);
  for (const { value } of [...(flashes?.values() ?? [])].flat()) checkedJson(value);
  return { attributes, flashes: flashes ?? new Map(), metadata: new Map([["cookie", cookie]]), tokens: [] };
}

/** `undefined` for what is not of connect-flash, or holds no message; it stays an attribute. */
function flashesOf(json: Json | undefined): Map<string, FlashEntry[]> | undefined {
  if (!isFlashes(json) || isWithoutMessages(json)) return undefined;
  const waiting = Object.entries(json).filter(([, { length }]) => length > 0);
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
