import { MAX_TTL_SECONDS } from "../backend/checks.ts";
import { isJsonObject, type Json } from "./json.ts";
import type { SessionRecord } from "./record.ts";

/**
 * Stores end sessions a few seconds late at most. A session that outlives its end by more has been touched by another
 * program.
 */
const MAX_LATENESS_MS = 10_000;

/**
 * Returns the time to live of a session with this cookie object, in seconds; `undefined` for a cookie that ends with the
 * browser session, which a server cannot see.
 */
export function secondsLeft(cookie: Json | undefined, now: number): number | undefined {
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

/** Returns the time in milliseconds since 1970. */
function timeOf(expires: Json | undefined): number | undefined {
  const time = typeof expires === "string" ? Date.parse(expires) : expires;
  return typeof time === "number" && !Number.isNaN(time) ? time : undefined;
}

/**
 * Keeps the expiry accurate for programs that rely on it: @fastify/session drops a session whose cookie seems to have
 * expired.
 */
export function stamp(record: SessionRecord, now: number): SessionRecord {
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
