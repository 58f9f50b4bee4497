import type { Redis } from "ioredis";
import { replyIn } from "./errors.ts";
import type { Answer } from "./scripts.ts";
import type { StoredBytes } from "./stored-bytes.ts";

/** What a command is sent with. */
export interface OwnArguments {
  readonly key: string;
  /** What is stored, unless it destroys. */
  readonly bytes?: StoredBytes;
  readonly ttlSeconds?: number;
}

/** A command by which some servers compare and change in one step. */
export interface OwnCommand {
  readonly name: "SET NX GET" | "SET IFEQ" | "DELIFEQ" | "DELEX";
  send(client: Redis, args: OwnArguments, old: StoredBytes): Promise<unknown>;
  /** What a script would have answered; `undefined` when the command was refused and does not say what is there. */
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

/** Which of these a server does not have, by the connection to it: the next one may lead to another server. */
const missing = new WeakMap<Redis, Set<OwnCommand["name"]>>();

/** The first one that the server may have. */
export function commandAmong(commands: readonly OwnCommand[], client: Redis): OwnCommand | undefined {
  const names = missing.get(client);
  return commands.find(({ name }) => !names?.has(name) && !losesPrefix(name, client));
}

/** Remembers that the server has refused a command, which it has not executed then. */
export function refused({ name }: OwnCommand, client: Redis): void {
  missing.set(client, (missing.get(client) ?? new Set()).add(name));
}

/**
 * Asks a server for its version, which spares the first change on each connection a trial. What does not answer, for want of
 * the right to INFO for one, is tried.
 */
export async function learnCommands(client: Redis): Promise<void> {
  const info = await client.info("server").catch(() => "");
  const names = missingIn(info);
  if (names.length > 0) missing.set(client, new Set(names));
}

function missingIn(info: string): OwnCommand["name"][] {
  const valkey = versionIn(info, "valkey");
  const redis = versionIn(info, "redis"); // Valkey says the one that it is compatible with
  if (redis === undefined) return [];
  const since = { "SET NX GET": redis >= 7, "SET IFEQ": redis >= 8.04, DELIFEQ: false, DELEX: redis >= 8.04 };
  if (valkey !== undefined) Object.assign(since, { "SET IFEQ": valkey >= 8.01, DELIFEQ: valkey >= 9, DELEX: false });
  return (Object.keys(since) as OwnCommand["name"][]).filter((name) => !since[name]);
}

/** 8.1 as 8.01, so that 8.10 is more. */
function versionIn(info: string, server: "redis" | "valkey"): number | undefined {
  const [, major, minor] = new RegExp(`^${server}_version:(\\d+)\\.(\\d+)`, "m").exec(info) ?? [];
  return major === undefined ? undefined : Number(major) + Number(minor) / 100;
}

/** The driver puts a prefix of its own only before the keys of commands that it knows, and not all of its versions know these. */
function losesPrefix(name: OwnCommand["name"], client: Redis): boolean {
  return (name === "DELIFEQ" || name === "DELEX") && Boolean(client.options.keyPrefix);
}

/** Whether a server does not know a command, or lets this user not run it. Another one may do the same. */
export function isUnavailable(error: unknown): boolean {
  const reply = replyIn(error);
  if (reply === undefined || reply.isDoubtful || reply.isOfScript) return false;
  if (reply.word === "NOPERM") return /\bto run the /.test(reply.rest);
  return /^(?:syntax error|unknown command)\b/i.test(reply.rest);
}
