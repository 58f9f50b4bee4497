import { type Clock, type HandlerOptions, type NetworkedSessionHandler, SessionError, systemClock } from "sessionwire";
import { type Call, createGuardedHandler, type NetworkedSessionBackend } from "sessionwire/backend";
import { changeExactly, create, type KeyLocation, stored } from "./changes.ts";
import type { MemcachedConnection } from "./connection.ts";
import { refusal } from "./errors.ts";
import { keyInStore } from "./keys.ts";
import { checkSize } from "./limits.ts";
import { statuses } from "./protocol.ts";
import { add, get, getAndTouch, noop, remove, replace, touch } from "./requests.ts";
import { MemcachedConnections } from "./servers.ts";
import { type MemcachedSource, type Memjs, serversOf } from "./source.ts";
import { expirationOf } from "./time-to-live.ts";
import { versionOf } from "./versions.ts";

/**
 * The options of {@link createMemcachedHandler}: the options that every handler has.
 *
 * @public
 */
export interface MemcachedHandlerOptions extends HandlerOptions {}

/** Creates the handler. The client is passed in, because `sessionwire/url` loads it only when a URL needs it. */
export function createHandler(
  memjs: Memjs,
  source: MemcachedSource,
  options: MemcachedHandlerOptions,
): NetworkedSessionHandler {
  const { servers, options: all } = serversOf(memjs, source, options);
  const { timeoutMs = 2000, clock = systemClock } = all;
  const connections = new MemcachedConnections(servers, timeoutMs, clock);
  const backend = createMemcachedBackend(connections, clock);
  return createGuardedHandler(backend, { ...all, name: "Memcached", timeoutMs, clock });
}

function createMemcachedBackend(connections: MemcachedConnections, clock: Clock): NetworkedSessionBackend {
  return {
    async read(id, ttlSeconds, call) {
      const { connection, key } = await locationOf(id, call);
      const request = ttlSeconds === undefined ? get(key) : getAndTouch(key, expiration(ttlSeconds));
      return stored(connection, await call.send(() => connection.read(request)));
    },
    async write(id, data, { replaces, ttlSeconds }, call) {
      const location = await locationOf(id, call);
      const { connection, key } = location;
      checkSize(key, data, connection.limits);
      const change =
        replaces === undefined
          ? await create(location, add(key, data, expiration(ttlSeconds)))
          : await changeExactly(location, replaces, (cas) => replace(key, data, expiration(ttlSeconds), cas));
      if ("current" in change) return { written: false, current: change.current };
      return { written: true, version: versionOf(data, connection.generation, change.reply.header.cas) };
    },
    async touch(id, ttlSeconds, call) {
      const { connection, key } = await locationOf(id, call);
      const reply = await call.send(() => connection.request(touch(key, expiration(ttlSeconds))));
      if (reply.header.status === statuses.notFound) return false;
      if (reply.header.status !== statuses.done) throw refusal(reply);
      return true;
    },
    async destroy(id, replaces, call) {
      const location = await locationOf(id, call);
      const { connection, key } = location;
      if (replaces !== undefined) {
        const change = await changeExactly(location, replaces, (cas) => remove(key, cas));
        return "current" in change ? { destroyed: false, current: change.current } : { destroyed: true };
      }
      const reply = await call.send(() => connection.request(remove(key)));
      if (reply.header.status === statuses.done) return { destroyed: true };
      if (reply.header.status !== statuses.notFound) throw refusal(reply);
      return { destroyed: false, current: undefined };
    },
    ping: (connection, call) => connections.ping(connection, call, askForSignOfLife),
    reconnect: (connection, call) => connections.reconnect(connection, call),
    connectionOf: (id) => connections.nameOf(keyInStore(id)),
    close: () => connections.close(),
  };

  async function locationOf(id: string, call: Call): Promise<KeyLocation> {
    call.notSentYet();
    const key = keyInStore(id);
    const connection = await connections.open(key, call);
    if (connection.limits.comparesTokens) return { connection, key, call };
    throw new SessionError(
      "failed",
      "The Memcached server does not compare CAS tokens (-C), so it cannot store sessions.",
      {
        outcome: "not-applied",
      },
    );
  }

  function expiration(ttlSeconds: number): number {
    return expirationOf(ttlSeconds, clock.now());
  }
}

/** Asks the server for a sign of life. Any reply is one, and a NOOP has only one possible reply. */
async function askForSignOfLife(connection: MemcachedConnection): Promise<void> {
  await connection.request(noop);
}
