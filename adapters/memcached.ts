/**
 * Keeps sessions in Memcached, on one server or several, through memjs.
 *
 * @packageDocumentation
 */

import { Server, Utils } from "memjs";
import type { NetworkedSessionHandler } from "sessionwire";
import { createHandler, type MemcachedHandlerOptions } from "./memcached/handler.ts";
import type { MemcachedSource } from "./memcached/source.ts";

export type { MemcachedHandlerOptions } from "./memcached/handler.ts";
export type { MemcachedClient, MemcachedSource } from "./memcached/source.ts";
export type { MemcachedValueDecoder } from "./memcached/values.ts";

/**
 * Keeps sessions in Memcached, through memjs and the binary protocol.
 *
 * @remarks
 * - A session is one item that holds the bytes as they are. Writes and conditional destroys are compared by the server,
 *   using the CAS token that it gives to each change. A version is that token with a digest of the data, and is bound
 *   to the connection that delivered it, because tokens start again with the server. The same session therefore has
 *   another version after a reconnect; a write that replaces an earlier version still succeeds if nothing has changed,
 *   but reads the current data first.
 * - A session never ends early, and up to 3 seconds late, because Memcached counts in whole seconds. It reads values
 *   above 30 days as dates, for which the clocks of client and server must agree.
 * - Memcached accepts items up to 1 MiB, including key and overhead, unless it is started with `-I`: the largest
 *   session is 1 MiB minus 128 bytes and the length of the key. Anything larger is refused with code `too-large` before
 *   it is sent, because Memcached deletes an item when its replacement is too large. It also does so when it is out of
 *   memory and may not evict (`-M`): the write then rejects with outcome `unknown`.
 * - Keys longer than 250 bytes are replaced by their SHA-256.
 * - Several servers share the sessions by the hash of the key, as in memjs; `connectionOf` names the server. While a
 *   server is unreachable, so are its sessions: no other server takes its place, because a session could then exist
 *   twice.
 * - The connections belong to the handler. The first operation opens them, within its own deadline. Nothing is sent
 *   twice. When a connection is lost, the operations under way reject, and the next operation opens a new one. On a
 *   silently dropped connection, operations time out after `timeoutMs` until `reconnect` is called, which
 *   `withConnectionCheck` does.
 * - A server must compare tokens (not `-C`) and speak the binary protocol. A server that speaks only the text protocol
 *   (`-B ascii`) waits for the end of a line and never answers, so calls reject with code `timeout`.
 * - Memcached keeps nothing on disk. Sessions are lost when it is restarted, and are evicted one by one when it is
 *   full.
 * - Memcached cannot list its keys, so the handler has no `list`.
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
