import { Redis } from "ioredis";
import type { ListingSessionHandler, NetworkedSessionHandler } from "sessionwire";
import { createHandler, type RedisHandlerOptions } from "./redis/handler.ts";
import type { RedisSource } from "./redis/source.ts";

export type { IoredisFork } from "./redis/foreign-client.ts";
export type { RedisHandlerOptions } from "./redis/handler.ts";
export type { RedisSource } from "./redis/source.ts";

/**
 * Keeps sessions in Redis or Valkey, through ioredis.
 *
 * @remarks
 * - A session is one string key that holds the bytes as they are, with the key's own expiry. Nothing is added to them, so that
 *   sessions of other programs can be read and replaced. The version is a digest of the bytes.
 * - Write and conditional destroy are one script call each, which answers with what is there when it refuses; reading with a
 *   time to live is one GETEX. No command is newer than Redis 6.2.
 * - The connection belongs to the handler. It is opened by the first operation, within the deadline of that operation. The
 *   driver neither retries, resends, queues nor reconnects: when a connection is lost, what was under way rejects, and the
 *   next operation opens a new one. A connection that is silently dead makes operations run into `timeoutMs`, until
 *   `reconnect` is called: that is what `withConnectionCheck` does.
 * - On a Cluster, each master has a connection of that kind, opened when it is needed, which `connectionOf` names. MOVED and ASK
 *   are followed, as nothing has been executed then. Before a connection that was lost is opened again, other servers are
 *   asked who the master is. Of keys with braces, the part between them decides on the master: a `prefix` such as `{app}:` puts all
 *   sessions on one. Sentinels are asked anew for each connection, and a server that is no master is refused.
 * - A page of `list` is one SCAN that looks at some 100 keys of the database, whatever they are; on a Cluster, at keys of one
 *   master after the other. There, a session may be missed if its slot moves from one master to another meanwhile; when the
 *   masters are others than at the beginning, the listing rejects with code `failed`. Every string under a key with
 *   the prefix is listed, also one of another program. Keys that are not valid UTF-8 are not.
 * - A user of an access control list needs the commands get, getex, set, expire, del, eval, evalsha and ping; select, for a
 *   database other than 0; scan, for `list`; cluster and asking, on a Cluster; and role, behind sentinels.
 * - Redis drops sessions without a word when it evicts keys (`maxmemory-policy` other than `noeviction`), is restarted without
 *   persistence, or fails over to a replica that has not received them yet.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createRedisHandler(
  source: RedisSource,
  options: RedisHandlerOptions = {},
): NetworkedSessionHandler & ListingSessionHandler {
  return createHandler(Redis, source, options);
}
