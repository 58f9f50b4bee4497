import type { Json } from "sessionwire";

/** How a session object looked at some moment, member by member as JSON: what has been changed since can be told from it. */
export interface Image {
  /** All members but `cookie` and `flash`. */
  readonly members: ReadonlyMap<string, string>;
  /** The messages of connect-flash, by type. */
  readonly flash: ReadonlyMap<string, readonly string[]>;
  /** `undefined`: there is none, and so nothing that could be different. */
  readonly cookie: CookieObject | undefined;
}

export type CookieObject = { readonly [name: string]: Json };

/** Throws what JSON.stringify throws, and a `TypeError` for a cookie that is no object, which no other store could read. */
export function imageOf(session: object): Image {
  const members = new Map<string, string>();
  for (const [name, value] of Object.entries(session)) {
    if (name === "cookie") continue;
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) members.set(name, text);
  }
  return { members, flash: takeFlash(members), cookie: cookieOf(session) };
}

/** As MemoryStore does it, a session may be without a cookie. */
export function cookieOf(session: object): CookieObject | undefined {
  const cookie: unknown = "cookie" in session ? JSON.parse(JSON.stringify(session.cookie) ?? "null") : undefined;
  if (cookie === undefined || cookie === null) return undefined;
  if (typeof cookie === "object" && !Array.isArray(cookie)) return cookie as CookieObject; // it was JSON
  throw new TypeError("The cookie of a session of express-session must be an object.");
}

/** Of an object of arrays, as connect-flash has it, those that hold messages. What holds none is an attribute like others. */
function takeFlash(members: Map<string, string>): Map<string, string[]> {
  const flash: unknown = JSON.parse(members.get("flash") ?? "null");
  if (typeof flash !== "object" || flash === null || Array.isArray(flash)) return new Map();
  const types = Object.entries(flash);
  const waiting = types.filter(([, values]) => Array.isArray(values) && values.length > 0);
  if (waiting.length === 0 || !types.every(([, values]) => Array.isArray(values))) return new Map();
  const empty = types.filter(([, { length }]) => length === 0);
  if (empty.length > 0) members.set("flash", JSON.stringify(Object.fromEntries(empty)));
  else members.delete("flash");
  return new Map(waiting.map(([type, values]) => [type, values.map((value: unknown) => JSON.stringify(value))]));
}

/**
 * Where there is a maximal age, without the date of expiry, which moves with every request. Where there is no cookie now, the
 * stored one stays, as no session can be without.
 */
export function isChanged(before: CookieObject | undefined, now: CookieObject | undefined): boolean {
  if (before === undefined || now === undefined) return now !== undefined;
  return !isSameEnd(before, now) || comparable(before) !== comparable(now);
}

/**
 * express-session computes the age anew with every touch, and loses a millisecond when the clock ticks meanwhile. An age below a
 * second is never the same: only a save keeps such a session alive.
 */
function isSameEnd(before: CookieObject, now: CookieObject): boolean {
  const [one, other] = [before.originalMaxAge, now.originalMaxAge];
  if (typeof one !== "number" && typeof other !== "number") return (before.expires || null) === (now.expires || null);
  if (typeof one !== "number" || typeof other !== "number" || (other > 0 && other < 1000)) return false;
  return Math.abs(one - other) < 1000 && one > 0 === other > 0;
}

/** Some leave out what others spell out as null or false. */
function comparable(cookie: CookieObject): string {
  const members = Object.entries(cookie).filter(([name, value]) => value && !ofTime.has(name));
  return JSON.stringify(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const ofTime = new Set(["expires", "originalExpires", "originalMaxAge"]);
