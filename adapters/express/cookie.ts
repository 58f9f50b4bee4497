import type { Json } from "sessionwire";
import type { SessionFormat, SessionRecord } from "sessionwire/backend";
import { isWrittenAs } from "./json.ts";

/** A cookie object of express-session as JSON. */
export type CookieObject = { readonly [name: string]: Json };

/** As MemoryStore does it, a session may be without a cookie. */
export function cookieOf(session: object): CookieObject | undefined {
  const cookie: unknown = "cookie" in session ? session.cookie : undefined;
  const json = flatJsonOf(cookie) ?? (JSON.parse(JSON.stringify(cookie) ?? "null") as Json);
  if (json === null) return undefined;
  if (typeof json === "object" && !Array.isArray(json)) return json as CookieObject; // it was JSON
  throw new TypeError("The cookie of a session of express-session must be an object.");
}

/** Converts a cookie of the usual shape as JSON would, without the text; `undefined` for any other. */
function flatJsonOf(cookie: unknown): CookieObject | undefined {
  if (typeof cookie !== "object" || cookie === null || Array.isArray(cookie)) return undefined;
  const plain: unknown = "toJSON" in cookie && typeof cookie.toJSON === "function" ? cookie.toJSON("cookie") : cookie;
  if (typeof plain !== "object" || plain === null || Object.getPrototypeOf(plain) !== Object.prototype)
    return undefined;
  const json: Record<string, Json> = {};
  for (const name of Object.keys(plain)) {
    const given: unknown = plain[name as never];
    if (given === undefined) continue;
    const value: unknown = given instanceof Date ? given.toJSON() : given;
    if (!isScalar(value) || name === "__proto__") return undefined;
    json[name] = value;
  }
  return json;
}

function isScalar(value: unknown): value is Json {
  return value === null || typeof value === "string" || typeof value === "boolean" || Number.isFinite(value);
}

/** The cookie of a record with a date of expiry that is true now; the stored one is as old as the last change. */
export function freshCookie(record: SessionRecord, format: SessionFormat): CookieObject {
  const cookie = format.stamp(record, Date.now()).metadata.get("cookie") as CookieObject; // the format sees to it
  for (const name of Object.keys(cookie)) {
    if (!isAssignable(name, cookie[name])) {
      return Object.fromEntries(Object.entries(cookie).filter((member) => isAssignable(...member)));
    }
  }
  return cookie;
}

/**
 * express-session assigns the members to an object of its own, where one of them would be its prototype, others would hide its
 * methods, and an age that is no number would be an error in each request.
 */
function isAssignable(name: string, value: Json | undefined): boolean {
  if (name === "maxAge" || name === "originalMaxAge") return typeof value === "number" || !value;
  return !unassignable.has(name);
}

const unassignable: ReadonlySet<string> = new Set(["__proto__", "data", "serialize", "toJSON"]);

/**
 * Where there is a maximal age, without the date of expiry, which moves with every request. Where there is no cookie now, the
 * stored one stays, as no session can be without.
 */
export function isChanged(before: CookieObject | undefined, now: CookieObject | undefined): boolean {
  if (before === undefined || now === undefined) return now !== undefined;
  return !isSameEnd(before, now) || hasOtherMembers(before, now) || hasOtherMembers(now, before);
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
function hasOtherMembers(cookie: CookieObject, than: CookieObject): boolean {
  for (const name in cookie) {
    if (!ofTime.has(name) && cookie[name] && !isWrittenAs(than[name], cookie[name])) return true;
  }
  return false;
}

const ofTime = new Set(["expires", "originalExpires", "originalMaxAge"]);
