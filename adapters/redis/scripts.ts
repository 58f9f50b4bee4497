import { hash } from "node:crypto";
import type { Redis } from "ioredis";
import type { StoredBytes } from "./stored-bytes.ts";

/** The answer of a script: done, or the current value, which is `null` if there is none. */
export type Answer = 1 | readonly [current: unknown];

interface RedisScript {
  readonly source: string;
  readonly sha: string;
}

/** A script with its arguments. */
export interface ScriptCall {
  readonly script: RedisScript;
  readonly args: readonly (StoredBytes | number)[];
}

/** Sends the scripts of a handler: in full the first time on each connection, then by their digests. */
export class ScriptSender {
  readonly #told = new WeakMap<Redis, Set<RedisScript>>();

  send(client: Redis, key: string, { script, args }: ScriptCall): Promise<unknown> {
    const known = this.#told.get(client) ?? new Set();
    // In lower case: some versions (seen in 5.4.0) recognise the keys of a command, and so apply the prefix, only by
    // that name.
    if (known.has(script)) return client.callBuffer("evalsha", script.sha, 1, key, ...args);
    this.#told.set(client, known.add(script));
    return client.callBuffer("eval", script.source, 1, key, ...args);
  }

  /** Sends scripts in full again, to a server that has lost them. */
  tellAgain(client: Redis): void {
    this.#told.delete(client);
  }
}

const expectVersion = `
local function versionOf(data)
  return data and (redis.sha1hex(data) .. ':' .. #data) or ''
end
local current = redis.call('GET', KEYS[1])
if versionOf(current) ~= ARGV[1] then return { current } end`;

/** An absent session is `false` in Lua, which equals no bytes. */
const expectBytes = `
local current = redis.call('GET', KEYS[1])
if current ~= ARGV[1] then return { current } end`;

const write = `
redis.call('SET', KEYS[1], ARGV[2], 'EX', ARGV[3])
return 1
`;

const destroy = `
redis.call('DEL', KEYS[1])
return 1
`;

/** ARGV: the version to be replaced ('' to create), the new bytes, the time to live in seconds. */
export const writeScript: RedisScript = scriptOf(expectVersion + write);

/** ARGV: the bytes to be replaced, the new ones, the time to live in seconds. */
export const replaceBytesScript: RedisScript = scriptOf(expectBytes + write);

/** ARGV: the version to be destroyed, which is never ''. */
export const destroyScript: RedisScript = scriptOf(expectVersion + destroy);

function scriptOf(source: string): RedisScript {
  return { source, sha: hash("sha1", source, "hex") };
}
