import { isId } from "../backend/call-checks.ts";
import { checkOptionNames } from "../backend/checks.ts";
import { randomText } from "../random.ts";
import { secondsLeft, stamp } from "./express-expiry.ts";
import type { SessionFormat } from "./format.ts";
import { copyJson, isJsonObject, type Json, Room, toMap } from "./json.ts";
import { checkedJson, corrupt, readJson } from "./json-bytes.ts";
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
   * The part of the key before the id.
   *
   * @defaultValue `"sess:"`, as in connect-redis; connect-memcached uses `""`
   */
  readonly prefix?: string | undefined;
  /**
   * The members that differ in the cookie object of new sessions, for instance its `originalMaxAge` in milliseconds. It
   * does not apply to sessions created by express-session, which creates its own cookie object.
   *
   * @defaultValue `{ originalMaxAge: null, expires: null, httpOnly: true, path: "/" }`, the defaults of express-session
   */
  readonly cookie?: { readonly [name: string]: Json } | undefined;
}

/** Larger than a header can be. */
const MAX_COOKIE_BYTES = 65_536;

/**
 * Creates the format of express-session and \@fastify/session, as connect-redis and similar stores write it: one JSON
 * object with the attributes and a member `cookie`.
 *
 * @remarks
 * - Metadata: `cookie`, the cookie object. Every record has one, because express-session crashes without it.
 * - Flashes are those of connect-flash: arrays by type in the member `flash`. They have no ids, so equal messages are
 *   the same message.
 * - The time to live is the cookie's `originalMaxAge`, or else the idle timeout (one day, as in connect-redis). It
 *   restarts with every use. The stored `cookie.expires` is normally ignored, because stores that only touch do not
 *   update it. There are two exceptions: without a maximal age, a session ends at an `expires` that is still to come;
 *   and with one below a second, which no store can represent, it ends at the `expires` of its last save.
 * - Records have no place for a token, so after a lost reply it may remain unknown whether a save was applied. They
 *   have no creation time.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function expressFormat(options: ExpressFormatOptions = {}): SessionFormat {
  const { prefix = "sess:", cookie = {} } = options;
  checkOptionNames("expressFormat", options, ["prefix", "cookie"]);
  if (typeof prefix !== "string" || !prefix.isWellFormed()) throw new TypeError("prefix must be a well-formed string.");
  const given = copyJson(cookie, new Room({}, MAX_COOKIE_BYTES));
  if (!isJsonObject(given)) throw new TypeError("cookie must be an object.");
  if ("maxAge" in given) throw new TypeError("A stored cookie has originalMaxAge, in milliseconds, instead of maxAge.");
  const defaultCookie: Json = { originalMaxAge: null, expires: null, httpOnly: true, path: "/", ...given };
  const writer = new JsonWriter();
  return {
    name: "express",
    defaults: { idleTimeoutSeconds: 86_400 },
    acceptsForeignIds: true,
    storesTokens: false,
    storesForwards: false,
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
      if (name === "cookie") throw new TypeError('In the express format, "cookie" is metadata, not an attribute.');
      if (name !== "flash" || !isFlashes(value) || isWithoutMessages(value)) return;
      throw new TypeError(
        'In the express format, an attribute "flash" of arrays by type is reserved for `session.flash`.',
      );
    },
    checkMetadata(name, value) {
      if (name !== "cookie") throw new TypeError(`The express format has no metadata "${name}".`);
      if (!isJsonObject(value)) throw new TypeError("The cookie must be an object.");
    },
  };
}

function encode({ attributes, flashes, metadata, texts }: TextedRecord, writer: JsonWriter): Uint8Array {
  const flash = attributes.get("flash");
  if (flashes.size > 0 && flash !== undefined && !isWithoutMessages(flash)) {
    throw new TypeError('The session has an attribute "flash" that is not in the form of connect-flash.');
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

/** Merges in the types without messages, which are an attribute in the same object. */
function flashesToJson(flashes: SessionRecord["flashes"], withoutMessages: Json = {}): Json {
  const waiting = [...flashes].map(([type, entries]) => [type, entries.map(({ value }) => value)] as const);
  return Object.fromEntries([...Object.entries(withoutMessages as object), ...waiting]);
}

function decode(data: Uint8Array): TextedRecord {
  const { value: json, isChecked } = readJson(data);
  if (!isJsonObject(json)) throw corrupt("it is not an object");
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

/** Takes the messages out of the attributes. Types without messages and values not written by connect-flash stay. */
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
