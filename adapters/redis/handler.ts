import { hash } from "node:crypto";
import type { Redis } from "ioredis";
import {
  type HandlerOptions,
  type ListingSessionHandler,
  type NetworkedSessionHandler,
  type StoredSession,
  systemClock,
  type Version,
} from "sessionwire";
import {
  type Call,
  createGuardedHandler,
  type ListingSessionBackend,
  type NetworkedSessionBackend,
} from "sessionwire/backend";
import type { Client } from "./client.ts";
import type { RedisConnections } from "./connection.ts";
import { isReplyOf, toSessionError } from "./errors.ts";
import { connectionsTo, type Making } from "./places.ts";
import { safeOptions } from "./safe-options.ts";
import { routeThrough, scan } from "./scan.ts";
import { destroyScript, type RedisScript, writeScript } from "./scripts.ts";
import { connectionsOf, type RedisSource } from "./source.ts";
import { readRedisUrl } from "./url.ts";

/**
 * The options of {@link createRedisHandler}: those that every handler has.
 *
 * @public
 */
export interface RedisHandlerOptions extends HandlerOptions {}

/** Makes the handler. The client is handed in, because `sessionwire/url` looks for it only when a URL needs it. */
export function createHandler(
  Client: Client,
  source: RedisSource,
  options: RedisHandlerOptions,
): NetworkedSessionHandler & ListingSessionHandler {
  if (typeof source !== "string" && !(source instanceof URL)) {
    return createHandlerOn(options, Client, (making) => connectionsOf(source, making));
  }
  const { place, options: all } = readRedisUrl(String(source), options);
  return createHandlerOn(all, Client, (making) => connectionsTo(place, making));
}

function createHandlerOn(
  options: RedisHandlerOptions,
  Client: Client,
  connect: (making: Making) => RedisConnections,
): NetworkedSessionHandler & ListingSessionHandler {
  const { timeoutMs = 2000, clock = systemClock } = options;
  const connections = connect({ Client, safe: safeOptions(), timeoutMs, clock });
  return createGuardedHandler(createRedisBackend(connections), { ...options, name: "Redis", timeoutMs, clock });
}

function createRedisBackend(connections: RedisConnections): NetworkedSessionBackend & ListingSessionBackend {
  return {
    async read(key, ttlSeconds, call) {
      const data = await request(key, call, (client) =>
        ttlSeconds === undefined ? client.getBuffer(key) : client.getexBuffer(key, "EX", ttlSeconds),
      );
      return stored(data);
    },
    async write(key, data, { replaces, ttlSeconds }, call) {
      const reply = await runScript(call, writeScript, key, [replaces ?? "", asBuffer(data), ttlSeconds]);
      if (Array.isArray(reply)) return { written: false, current: stored(reply[0]) };
      return { written: true, version: versionOf(data) };
    },
    async touch(key, ttlSeconds, call) {
      return (await request(key, call, (client) => client.expire(key, ttlSeconds))) === 1;
    },
    async destroy(key, replaces, call) {
      if (replaces === undefined) {
        const destroyed = await request(key, call, (client) => client.del(key));
        return destroyed === 1 ? { destroyed: true } : { destroyed: false, current: undefined };
      }
      const reply = await runScript(call, destroyScript, key, [replaces]);
      return Array.isArray(reply) ? { destroyed: false, current: stored(reply[0]) } : { destroyed: true };
    },
    list: (prefix, cursor, call) =>
      inOurTerms(async () => {
        const route = routeThrough(await connections.servers(call), cursor);
        return connections.sendTo(route.server, call, (client) => scan(client, prefix, route));
      }),
    ping: (connection, call) => inOurTerms(() => connections.ping(connection, call)),
    reconnect: (connection, call) => connections.reconnect(connection, call.signal),
    ...(connections.connectionOf && { connectionOf: (key) => connections.connectionOf?.(key) ?? "" }),
    close: () => connections.close(),
  };

  function request<T>(key: string, call: Call, command: (client: Redis) => Promise<T>): Promise<T> {
    call.notSentYet();
    return inOurTerms(() => connections.send(key, call, command));
  }

  /** A server that does not know the script has executed nothing, so the script may be sent in full. */
  function runScript(
    call: Call,
    script: RedisScript,
    key: string,
    args: (string | Buffer | number)[],
  ): Promise<unknown> {
    call.notSentYet();
    return inOurTerms(async () => {
      try {
        // In lower case: older versions (seen in 5.4.0) find the keys of a command, and so the prefix, by that name only.
        return await connections.send(key, call, (client) => client.callBuffer("evalsha", script.sha, 1, key, ...args));
      } catch (error) {
        if (!isReplyOf(error, ["NOSCRIPT"])) throw error;
        return await connections.send(key, call, (client) => client.callBuffer("eval", script.source, 1, key, ...args));
      }
    });
  }
}

async function inOurTerms<T>(request: () => Promise<T>): Promise<T> {
  try {
    return await request();
  } catch (error) {
    throw toSessionError(error);
  }
}

function stored(data: unknown): StoredSession | undefined {
  if (!(data instanceof Uint8Array)) return undefined;
  // A copy: the client's buffer is a window on all that came with it, and would keep that in memory.
  const copy = new Uint8Array(data);
  return { data: copy, version: versionOf(copy) };
}

/** The same as `versionOf` in the scripts. SHA-1 is what a script can compute; a collision would harm only who made it. */
function versionOf(data: Uint8Array): Version {
  return `${hash("sha1", data, "hex")}:${data.byteLength}` as Version; // the one place where this store makes versions
}

/** ioredis would send a plain Uint8Array as the text of its numbers. */
function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
