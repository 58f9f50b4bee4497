import { MAX_TTL_SECONDS } from "../../backend/checks.ts";
import { corrupt, isJsonObject, type Json, readJson } from "../../formats/json.ts";

/** A session of a user. */
export interface UserEntry {
  /** Names the session to its user. It stays the same when the session gets another id. */
  readonly handle: string;
  /** The key of the session. */
  readonly key: string;
  /** When it became the user's, in milliseconds since 1970. */
  readonly boundAt: number;
  /** The longest time that it lives when it is used now. */
  readonly ttlSeconds: number;
  /** The session is about to be stored, and need not be there yet: as a new one, or as a copy of one of the user's. */
  readonly pendingAs?: "new" | "copy" | undefined;
}

const VERSION = 1;

/** `token` is another one each time, so that no two states of a record are equal. */
export function encodeEntries(entries: readonly UserEntry[], token: string): Uint8Array {
  const sessions = entries.map(({ handle, key, boundAt, ttlSeconds, pendingAs }) => [
    ...[handle, key, boundAt, ttlSeconds],
    ...(pendingAs ? [pendingAs] : []),
  ]);
  return new TextEncoder().encode(JSON.stringify({ v: VERSION, token, sessions }));
}

export function decodeEntries(data: Uint8Array): UserEntry[] {
  const { value: json } = readJson(data);
  if (!isJsonObject(json) || json.v !== VERSION || !Array.isArray(json.sessions)) throw corrupt("it lists no sessions");
  return json.sessions.map(entryOf);
}

function entryOf(json: Json): UserEntry {
  if (Array.isArray(json)) {
    const [handle, key, boundAt, ttlSeconds, pendingAs] = json as readonly Json[];
    const isOurs = typeof handle === "string" && typeof key === "string";
    if (isOurs && typeof boundAt === "number" && typeof ttlSeconds === "number") {
      return { handle, key, boundAt, ttlSeconds, pendingAs: isPendingAs(pendingAs) ? pendingAs : undefined };
    }
  }
  throw corrupt("its sessions are not as ours");
}

function isPendingAs(json: Json | undefined): json is "new" | "copy" {
  return json === "new" || json === "copy";
}

/**
 * Twice as long as any session in it lives, since it is touched half as often as the session that lives the longest must be at least.
 */
export function ttlOfEntries(entries: readonly UserEntry[]): number {
  return Math.min(MAX_TTL_SECONDS, 2 * Math.max(1, ...entries.map(({ ttlSeconds }) => ttlSeconds)));
}
