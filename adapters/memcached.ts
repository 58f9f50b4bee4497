import { Server, Utils } from "memjs";
import type { NetworkedSessionHandler } from "sessionwire";
import { createHandler, type MemcachedHandlerOptions } from "./memcached/handler.ts";
import type { MemcachedSource } from "./memcached/source.ts";

export type { MemcachedHandlerOptions } from "./memcached/handler.ts";
export type { MemcachedClient, MemcachedSource } from "./memcached/source.ts";

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
 *   bytes and the key less than that. More is refused with code `too-large` before it is sent, because Memcached deletes what it
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
  return createHandler({ Server, Utils }, source, options);
}
