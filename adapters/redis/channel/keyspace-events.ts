import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import { replyIn } from "../errors.ts";

/**
 * The events by which a key ends: DEL and UNLINK, its time, eviction, and another name.
 * https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
 */
const events = ["del", "expired", "evicted", "rename_from"];

/** The flags of `notify-keyspace-events` by which a server sends them. */
const flags = ["E", "g", "x", "e"];

/** The channels of these events in the database of a client. */
export function channelsOf(client: Redis): string[] {
  const database = client.condition?.select ?? client.options.db ?? 0;
  return events.map((event) => `__keyevent@${database}__:${event}`);
}

/** Asks a server which events it sends. Returns an error if some are missing that are needed. */
export async function problemOf(client: Redis): Promise<SessionError | undefined> {
  let reply: unknown;
  try {
    reply = await client.call("config", "get", "notify-keyspace-events");
  } catch (error) {
    if (replyIn(error) === undefined) throw error;
    return new SessionError(
      "unauthorized",
      `Whether the Redis server sends the keyspace events of sessions cannot be verified, as it refuses CONFIG GET; notify-keyspace-events must have the flags ${flags.join("")}.`,
    );
  }
  const value = Array.isArray(reply) ? String(reply[1] ?? "") : "";
  const missing = flags.filter((flag) => !value.includes(flag) && !(flag !== "E" && value.includes("A")));
  if (missing.length === 0) return undefined;
  return new SessionError(
    "failed",
    `The Redis server does not send the keyspace events of sessions: notify-keyspace-events is "${value}", and lacks the flags ${missing.join("")}. Set it in its configuration, to ${flags.join("")} at least.`,
  );
}
