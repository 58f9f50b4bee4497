import type { Redis } from "ioredis";
import { SessionError } from "sessionwire";
import { replyIn } from "../errors.ts";

/**
 * The events that end a key: DEL and UNLINK, expiry, eviction, and renaming.
 * https://redis.io/docs/latest/develop/pubsub/keyspace-notifications/
 */
const events = ["del", "expired", "evicted", "rename_from"];

/** The flags of `notify-keyspace-events` that make a server send them. */
const flags = ["E", "g", "x", "e"];

/** Returns the channels of these events in the database of a client. */
export function channelsOf(client: Redis): string[] {
  const database = client.condition?.select ?? client.options.db ?? 0;
  return events.map((event) => `__keyevent@${database}__:${event}`);
}

/** Asks a server which events it sends. Returns an error if required ones are missing. */
export async function problemOf(client: Redis): Promise<SessionError | undefined> {
  let reply: unknown;
  try {
    reply = await client.call("config", "get", "notify-keyspace-events");
  } catch (error) {
    if (replyIn(error) === undefined) throw error;
    return new SessionError(
      "unauthorized",
      `The keyspace events of sessions cannot be verified, because the Redis server refuses CONFIG GET; notify-keyspace-events must have the flags ${flags.join("")}.`,
    );
  }
  const value = Array.isArray(reply) ? String(reply[1] ?? "") : "";
  const missing = flags.filter((flag) => !value.includes(flag) && !(flag !== "E" && value.includes("A")));
  if (missing.length === 0) return undefined;
  return new SessionError(
    "failed",
    `The Redis server does not send the keyspace events of sessions: notify-keyspace-events is "${value}" and lacks the flags ${missing.join("")}. Set it to at least ${flags.join("")} in the configuration of the server.`,
  );
}
