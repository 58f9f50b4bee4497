import {
  type Call,
  type Clock,
  createGuardedHandler,
  type HandlerOptions,
  type NetworkedSessionBackend,
  type NetworkedSessionHandler,
  SessionError,
  systemClock,
} from "sessionwire";
import { changeExactly, create, type Place, stored } from "./memcached/changes.ts";
import type { MemcachedConnection } from "./memcached/connection.ts";
import { refusal, statuses } from "./memcached/errors.ts";
import { keyInStore } from "./memcached/keys.ts";
import { checkSize } from "./memcached/limits.ts";
import { add, get, getAndTouch, noop, remove, replace, touch } from "./memcached/requests.ts";
import { MemcachedConnections } from "./memcached/servers.ts";
import { type MemcachedSource, serversOf } from "./memcached/source.ts";
import { expirationOf } from "./memcached/time-to-live.ts";
import { versionOf } from "./memcached/versions.ts";

export type { MemcachedClient, MemcachedSource } from "./memcached/source.ts";

/**
 * The options of {@link createMemcachedHandler}: those that every handler has.
 *
 * @public
 */
export interface MemcachedHandlerOptions extends HandlerOptions {}

/**
 * Keeps sessions in Memcached, through memjs and the binary protocol.
 *
 * @remarks
 * - A session is one item that holds the bytes as they are. Writes and conditional destroys are compared by the server, by the CAS
 *   token that it gives to each change. A version is that token with a digest of the data, and bound to the connection that it
 *   came over: tokens start again with the server. So the same session has another version after a reconnect; a write that replaces
 *   an earlier one still succeeds when nothing has changed, with a look at what is there first.
 * - A session never ends early, and up to 3 seconds late, since Memcached counts in whole seconds. Above 30 days it takes dates:
 *   then the clocks of client and server must agree.
 * - Memcached takes items up to 1 MiB, key and overhead included, unless it is started with `-I`: the largest session has 128
 *   bytes and the key less than that. More is refused with code `too_large` before it is sent, because Memcached deletes what it
 *   is to replace with something too large. It does the same when it is out of memory and may not evict (`-M`): then the write
 *   rejects with outcome `unknown`.
 * - Keys of more than 250 bytes are replaced by their SHA-256.
 * - Several servers share the sessions by the hash of the key, as memjs does it; `connectionOf` names the server. When one is out of
 *   reach, so are its sessions: no other server takes its place, since then there would be two of one session.
 * - The connections belong to the handler. They are opened by the first operation, within the deadline of that operation. Nothing
 *   is sent twice. When a connection is lost, what was under way rejects, and the next operation opens a new one. A connection
 *   that is silently dead makes operations run into `timeoutMs`, until `reconnect` is called: that is what `withConnectionCheck`
 *   does.
 * - A server must compare tokens (not `-C`) and speak the binary protocol. One that does not (`-B ascii`) waits for the end of a
 *   line and never answers, so that calls reject with code `timeout`.
 * - Memcached keeps nothing on a disk. Sessions are gone when it is restarted, and one after the other when it is full.
 * - It cannot list its keys, so the handler has no `list`.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createMemcachedHandler(
  source: MemcachedSource,
  options: MemcachedHandlerOptions = {},
): NetworkedSessionHandler {
  const { timeoutMs = 2000, clock = systemClock } = options;
  const connections = new MemcachedConnections(serversOf(source), timeoutMs, clock);
  const backend = createMemcachedBackend(connections, clock);
  return createGuardedHandler(backend, { ...options, name: "Memcached", timeoutMs, clock });
}

function createMemcachedBackend(connections: MemcachedConnections, clock: Clock): NetworkedSessionBackend {
  return {
    async read(id, ttlSeconds, call) {
      const { connection, key } = await placeOf(id, call);
      const request = ttlSeconds === undefined ? get(key) : getAndTouch(key, expiration(ttlSeconds));
      return stored(connection, await call.send(() => connection.request(request)));
    },
    async write(id, data, { replaces, ttlSeconds }, call) {
      const place = await placeOf(id, call);
      const { connection, key } = place;
      checkSize(key, data, connection.limits);
      const change =
        replaces === undefined
          ? await create(place, add(key, data, expiration(ttlSeconds)))
          : await changeExactly(place, replaces, (cas) => replace(key, data, expiration(ttlSeconds), cas));
      if ("current" in change) return { written: false, current: change.current };
      return { written: true, version: versionOf(data, connection.generation, change.reply.header.cas) };
    },
    async touch(id, ttlSeconds, call) {
      const { connection, key } = await placeOf(id, call);
      const reply = await call.send(() => connection.request(touch(key, expiration(ttlSeconds))));
      if (reply.header.status === statuses.notFound) return false;
      if (reply.header.status !== statuses.done) throw refusal(reply);
      return true;
    },
    async destroy(id, replaces, call) {
      const place = await placeOf(id, call);
      const { connection, key } = place;
      if (replaces !== undefined) {
        const change = await changeExactly(place, replaces, (cas) => remove(key, cas));
        return "current" in change ? { destroyed: false, current: change.current } : { destroyed: true };
      }
      const reply = await call.send(() => connection.request(remove(key)));
      if (reply.header.status === statuses.done) return { destroyed: true };
      if (reply.header.status !== statuses.notFound) throw refusal(reply);
      return { destroyed: false, current: undefined };
    },
    ping: (connection, call) => connections.ping(connection, call, askForSignOfLife),
    reconnect: (connection, call) => connections.reconnect(connection, call.signal),
    connectionOf: (id) => connections.nameOf(keyInStore(id)),
    close: () => connections.close(),
  };

  async function placeOf(id: string, call: Call): Promise<Place> {
    const key = keyInStore(id);
    const connection = await connections.open(key);
    if (connection.limits.comparesTokens) return { connection, key, call };
    throw new SessionError(
      "failed",
      "The Memcached server compares no CAS tokens (-C), so sessions cannot be kept there.",
      {
        outcome: "not-applied",
      },
    );
  }

  function expiration(ttlSeconds: number): number {
    return expirationOf(ttlSeconds, clock.now());
  }
}

/** Any reply is a sign of life, and there is but one that a NOOP can have. */
async function askForSignOfLife(connection: MemcachedConnection): Promise<void> {
  await connection.request(noop);
}
