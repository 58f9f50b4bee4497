import { MAX_TTL_SECONDS } from "../../backend/checks.ts";
import { isJsonObject, type Json } from "../../formats/json.ts";
import { corrupt, readJson } from "../../formats/json-bytes.ts";
import { encoder } from "../../utf8.ts";

/** A session of a user. */
export interface UserEntry {
  /** Identifies the session to its user. It does not change when the session gets another id. */
  readonly handle: string;
  /** The key of the session. */
  readonly key: string;
  /** The time at which it was bound to the user, in milliseconds since 1970. */
  readonly boundAt: number;
  /** Maximum time to live, in seconds, if it is used now. */
  readonly ttlSeconds: number;
  /** Marks a session that is about to be stored and need not exist yet: a new one, or a copy of one of the user's. */
  readonly pendingAs?: "new" | "copy" | undefined;
}

const VERSION = 1;

/** Encodes the entries with a new `token` each time, so that no two states of a record are equal. */
export function encodeEntries(entries: readonly UserEntry[], token: string): Uint8Array {
  const sessions = entries.map(({ handle, key, boundAt, ttlSeconds, pendingAs }) => [
    ...[handle, key, boundAt, ttlSeconds],
    ...(pendingAs ? [pendingAs] : []),
  ]);
  return encoder.encode(JSON.stringify({ v: VERSION, token, sessions }));
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
  throw corrupt("its sessions have an unknown form");
}

function isPendingAs(json: Json | undefined): json is "new" | "copy" {
  return json === "new" || json === "copy";
}

/**
 * Returns twice the longest time to live of the sessions, in seconds: the list is touched half as often as the
 * longest-lived session must be.
 */
export function ttlOfEntries(entries: readonly UserEntry[]): number {
  return Math.min(MAX_TTL_SECONDS, 2 * Math.max(1, ...entries.map(({ ttlSeconds }) => ttlSeconds)));
}
