import type { Json } from "sessionwire";
import type { SessionFormat, SessionRecord } from "sessionwire/backend";
import { isWrittenAs } from "./json.ts";

/** A cookie object of express-session as JSON. */
export type CookieObject = { readonly [name: string]: Json };

/** Returns the cookie of a session as JSON. A session may have none, as with MemoryStore. */
export function cookieOf(session: object): CookieObject | undefined {
  const cookie: unknown = "cookie" in session ? session.cookie : undefined;
  const json = flatJsonOf(cookie) ?? (JSON.parse(JSON.stringify(cookie) ?? "null") as Json);
  if (json === null) return undefined;
  if (typeof json === "object" && !Array.isArray(json)) return json as CookieObject; // parsed from JSON
  throw new TypeError("The cookie of an express-session session must be an object.");
}

/** Converts a cookie of the usual shape as JSON would, without creating the text; `undefined` for any other. */
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

/** Returns the cookie of a record with its current date of expiry; the stored date is as old as the last change. */
export function freshCookie(record: SessionRecord, format: SessionFormat): CookieObject {
  const cookie = format.stamp(record, Date.now()).metadata.get("cookie") as CookieObject; // guaranteed by the format
  for (const name of Object.keys(cookie)) {
    if (!isAssignable(name, cookie[name])) {
      return Object.fromEntries(Object.entries(cookie).filter((member) => isAssignable(...member)));
    }
  }
  return cookie;
}

/**
 * Returns true if express-session can assign a member to an object of its own: some names would replace its prototype
 * or hide its methods, and an age that is not a number would fail in each request.
 */
function isAssignable(name: string, value: Json | undefined): boolean {
  if (name === "maxAge" || name === "originalMaxAge") return typeof value === "number" || !value;
  return !unassignable.has(name);
}

const unassignable: ReadonlySet<string> = new Set(["__proto__", "data", "serialize", "toJSON"]);

/**
 * Returns true if the cookie has changed. The date of expiry does not count if there is a maximum age, because it moves
 * with every request. If there is no cookie now, the stored one stays, because every session needs one.
 */
export function isChanged(before: CookieObject | undefined, now: CookieObject | undefined): boolean {
  if (before === undefined || now === undefined) return now !== undefined;
  return !isSameEnd(before, now) || hasOtherMembers(before, now) || hasOtherMembers(now, before);
}

/**
 * Returns true if two cookies end at the same time. express-session recomputes the age with every touch, and loses a
 * millisecond when the clock ticks in between. An age below a second is never the same: only a save keeps such a
 * session alive.
 */
function isSameEnd(before: CookieObject, now: CookieObject): boolean {
  const [one, other] = [before.originalMaxAge, now.originalMaxAge];
  if (typeof one !== "number" && typeof other !== "number") return (before.expires || null) === (now.expires || null);
  if (typeof one !== "number" || typeof other !== "number" || (other > 0 && other < 1000)) return false;
  return Math.abs(one - other) < 1000 && one > 0 === other > 0;
}

/**
 * Returns true if `cookie` has a member that differs. An absent member equals null and false, because some libraries
 * write these out and others leave them out.
 */
function hasOtherMembers(cookie: CookieObject, than: CookieObject): boolean {
  for (const name in cookie) {
    if (!ofTime.has(name) && cookie[name] && !isWrittenAs(than[name], cookie[name])) return true;
  }
  return false;
}

const ofTime = new Set(["expires", "originalExpires", "originalMaxAge"]);
