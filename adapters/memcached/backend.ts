import { type Clock, type DestroyResult, SessionError, type Version } from "sessionwire";
import type { Call, NetworkedSessionBackend } from "sessionwire/backend";
import { changeExactly, create, type KeyLocation, stored } from "./changes.ts";
import type { MemcachedConnection } from "./connection.ts";
import { refusal } from "./errors.ts";
import { keyInStore } from "./keys.ts";
import { checkSize } from "./limits.ts";
import { statuses } from "./protocol.ts";
import { add, get, getAndTouch, noop, remove, replace, touch } from "./requests.ts";
import type { MemcachedConnections } from "./servers.ts";
import { expirationOf } from "./time-to-live.ts";
import type { ItemDecoder } from "./values.ts";
import { versionOf } from "./versions.ts";

/** Stores sessions over these connections, each under a key of its own. */
export function createMemcachedBackend(
  connections: MemcachedConnections,
  clock: Clock,
  decoder: ItemDecoder,
): NetworkedSessionBackend {
  const expiration = (ttlSeconds: number) => expirationOf(ttlSeconds, clock.now());

  return {
    async read(id, ttlSeconds, call) {
      const { connection, key } = await locate(connections, id, call);
      const request = ttlSeconds === undefined ? get(key) : getAndTouch(key, expiration(ttlSeconds));
      return decoder.read(stored(connection, await call.send(() => connection.read(request))));
    },
    async write(id, data, { replaces, ttlSeconds }, call) {
      const location = await locate(connections, id, call);
      const { connection, key } = location;
      checkSize(key, data, connection.limits);
      const change =
        replaces === undefined
          ? await create(location, add(key, data, expiration(ttlSeconds)))
          : await changeExactly(location, replaces, (cas) => replace(key, data, expiration(ttlSeconds), cas));
      if ("current" in change) return { written: false, current: await decoder.current(change.current) };
      return { written: true, version: versionOf(data, connection.generation, change.reply.header.cas) };
    },
    async touch(id, ttlSeconds, call) {
      const { connection, key } = await locate(connections, id, call);
      const reply = await call.send(() => connection.request(touch(key, expiration(ttlSeconds))));
      if (reply.header.status === statuses.notFound) return false;
      if (reply.header.status !== statuses.done) throw refusal(reply);
      return true;
    },
    async destroy(id, replaces, call) {
      const location = await locate(connections, id, call);
      return replaces === undefined ? destroyAny(location) : destroyExactly(location, replaces, decoder);
    },
    ping: (connection, call) => connections.ping(connection, call, askForSignOfLife),
    reconnect: (connection, call) => connections.reconnect(connection, call),
    connectionOf: (id) => connections.nameOf(keyInStore(id)),
    close: () => connections.close(),
  };
}

/** Opens the connection to the server of a session. */
async function locate(connections: MemcachedConnections, id: string, call: Call): Promise<KeyLocation> {
  call.notSentYet();
  const key = keyInStore(id);
  const connection = await connections.open(key, call);
  if (connection.limits.comparesTokens) return { connection, key, call };
  const message = "The Memcached server does not compare CAS tokens (-C), so it cannot store sessions.";
  throw new SessionError("failed", message, { outcome: "not-applied" });
}

async function destroyAny({ connection, key, call }: KeyLocation): Promise<DestroyResult> {
  const reply = await call.send(() => connection.request(remove(key)));
  if (reply.header.status === statuses.done) return { destroyed: true };
  if (reply.header.status !== statuses.notFound) throw refusal(reply);
  return { destroyed: false, current: undefined };
}

/** Destroys a session only in the state that was read with this version. */
async function destroyExactly(location: KeyLocation, replaces: Version, decoder: ItemDecoder): Promise<DestroyResult> {
  const change = await changeExactly(location, replaces, (cas) => remove(location.key, cas));
  return "current" in change
    ? { destroyed: false, current: await decoder.current(change.current) }
    : { destroyed: true };
}

/** Asks the server for a sign of life. Any reply is one, and a NOOP has only one possible reply. */
async function askForSignOfLife(connection: MemcachedConnection): Promise<void> {
  await connection.request(noop);
}
