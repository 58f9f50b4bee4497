import type { Json } from "sessionwire";

/** How a session object looked at some moment, member by member as JSON: what has been changed since can be told from it. */
export interface Image {
  /** All members but `cookie` and `flash`. */
  readonly members: ReadonlyMap<string, string>;
  /** The messages of connect-flash, by type. */
  readonly flash: ReadonlyMap<string, readonly string[]>;
  readonly cookie: CookieObject;
}

export type CookieObject = { readonly [name: string]: Json };

/** Throws what JSON.stringify throws, and a `TypeError` for an object without a cookie, which no other store could read. */
export function imageOf(session: object): Image {
  const members = new Map<string, string>();
  for (const [name, value] of Object.entries(session)) {
    if (name === "cookie") continue;
    const text: string | undefined = JSON.stringify(value);
    if (text !== undefined) members.set(name, text);
  }
  const flash = flashOf(members.get("flash"));
  if (flash) members.delete("flash");
  return { members, flash: flash ?? new Map(), cookie: cookieOf(session) };
}

export function cookieOf(session: object): CookieObject {
  const cookie: unknown = "cookie" in session ? JSON.parse(JSON.stringify(session.cookie) ?? "null") : undefined;
  if (typeof cookie === "object" && cookie !== null && !Array.isArray(cookie)) return cookie as CookieObject; // it was JSON
  throw new TypeError("A session of express-session needs a cookie object.");
}

/** `undefined` for what is not of connect-flash, an object of arrays; or holds no message, which is an attribute like others. */
function flashOf(text: string | undefined): Map<string, string[]> | undefined {
  const flash: unknown = text === undefined ? undefined : JSON.parse(text);
  if (typeof flash !== "object" || flash === null || Array.isArray(flash)) return undefined;
  const types = Object.entries(flash);
  if (!types.every(([, values]) => Array.isArray(values)) || types.every(([, { length }]) => length === 0))
    return undefined;
  return new Map(types.map(([type, values]) => [type, values.map((value: unknown) => JSON.stringify(value))]));
}

/** Without the date of expiry, which moves with every request. */
export function isSameCookie(one: CookieObject, other: CookieObject): boolean {
  return isSameAge(one.originalMaxAge, other.originalMaxAge) && comparable(one) === comparable(other);
}

/** express-session computes the age anew with every touch, and loses a millisecond when the clock ticks meanwhile. */
function isSameAge(one: Json | undefined, other: Json | undefined): boolean {
  if (typeof one !== "number" || typeof other !== "number") return typeof one !== "number" && typeof other !== "number";
  return Math.abs(one - other) < 1000 && one > 0 === other > 0;
}

/** Some leave out what others spell out as null or false. */
function comparable(cookie: CookieObject): string {
  const members = Object.entries(cookie).filter(([name, value]) => value && !ofTime.has(name));
  return JSON.stringify(members.sort(([one], [other]) => (one < other ? -1 : 1)));
}

const ofTime = new Set(["expires", "originalExpires", "originalMaxAge"]);
