import type { Redis } from "ioredis";
import { replyIn } from "./errors.ts";
import type { Answer } from "./scripts.ts";
import type { StoredBytes } from "./stored-bytes.ts";

/** The arguments of a command. */
export interface OwnArguments {
  readonly key: string;
  /** The bytes to be stored; absent to destroy. */
  readonly bytes?: StoredBytes;
  readonly ttlSeconds?: number;
}

/** A command with which some servers compare and change in one step. */
export interface OwnCommand {
  readonly name: "SET NX GET" | "SET IFEQ" | "DELIFEQ" | "DELEX";
  send(client: Redis, args: OwnArguments, old: StoredBytes): Promise<unknown>;
  /**
   * Reads the answer as a script would return it; `undefined` if the command was refused and does not report the
   * current value.
   */
  read(reply: unknown): Answer | undefined;
}

/** Redis 7 and Valkey. https://redis.io/docs/latest/commands/set/ */
export const setIfAbsent: OwnCommand = {
  name: "SET NX GET",
  send: (client, { key, bytes = "", ttlSeconds = 1 }) =>
    client.callBuffer("set", key, bytes, "NX", "GET", "EX", ttlSeconds),
  read: (reply) => (reply === null ? 1 : [reply]),
};

/** Valkey 8.1 and Redis 8.4. https://valkey.io/commands/set/ */
export const setIfEqual: OwnCommand = {
  name: "SET IFEQ",
  send: (client, { key, bytes = "", ttlSeconds = 1 }, old) =>
    client.call("set", key, bytes, "IFEQ", old, "EX", ttlSeconds),
  read: (reply) => (reply === "OK" ? 1 : undefined),
};

/** Valkey 9. https://valkey.io/commands/delifeq/ */
export const delifeq: OwnCommand = {
  name: "DELIFEQ",
  send: (client, { key }, old) => client.call("delifeq", key, old),
  read: readCount,
};

/** Redis 8.4. https://redis.io/docs/latest/commands/delex/ */
export const delex: OwnCommand = {
  name: "DELEX",
  send: (client, { key }, old) => client.call("delex", key, "IFEQ", old),
  read: readCount,
};

function readCount(reply: unknown): Answer | undefined {
  return reply === 1 ? 1 : undefined;
}

/**
 * Returns true if a server does not know a command or does not allow it to this user. Another command may do the same.
 */
export function isUnavailable(error: unknown): boolean {
  const reply = replyIn(error);
  if (reply === undefined || reply.isDoubtful || reply.isOfScript) return false;
  if (reply.word === "NOPERM") return /\bto run the /.test(reply.rest);
  return /^(?:syntax error|unknown command)\b/i.test(reply.rest);
}
