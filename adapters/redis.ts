/**
 * Keeps sessions in Redis or Valkey, on one server, in a Cluster or behind sentinels, through ioredis.
 *
 * @packageDocumentation
 */

import { Redis } from "ioredis";
import type { ListingSessionHandler, NetworkedSessionHandler, SessionChannel } from "sessionwire";
import type { RedisKeyspaceChannelOptions } from "./redis/channel/keyspace-options.ts";
import type { RedisChannelOptions } from "./redis/channel/options.ts";
import { createChannel, createHandler, createKeyspaceChannel, type RedisHandlerOptions } from "./redis/handler.ts";
import type { RedisSource } from "./redis/source.ts";

export type { RedisKeyspaceChannelOptions } from "./redis/channel/keyspace-options.ts";
export type { RedisChannelChecks, RedisChannelOptions } from "./redis/channel/options.ts";
export type { IoredisFork } from "./redis/foreign-client.ts";
export type { RedisHandlerOptions } from "./redis/handler.ts";
export type { RedisSource } from "./redis/source.ts";

/**
 * Keeps sessions in Redis or Valkey, through ioredis.
 *
 * @remarks
 * - A session is one string key that holds the bytes unchanged, with the key's own expiry. Nothing is added to the
 *   bytes, so sessions of other programs can be read and replaced. The version is a digest of the bytes.
 * - A conditional change is one atomic step of the server, by the best means available: `SET … NX GET` creates (Redis
 *   7, Valkey), `SET … IFEQ` replaces (Valkey 8.1, Redis 8.4), `DELIFEQ` (Valkey 9) or `DELEX … IFEQ` (Redis 8.4)
 *   destroys; other servers run a script. Each connection detects the commands of its server. Versions and answers are
 *   the same by all means, so programs that use different ones can share a database. Reading with a time to live is one
 *   GETEX. Redis 6.2 is the oldest supported version.
 * - The handler remembers the bytes behind the most recently used versions, up to 8 MiB, because servers compare bytes
 *   and not versions. For any other version, a script compares the digest.
 * - The connection belongs to the handler. The first operation opens it, within its own deadline. The driver neither
 *   retries, resends, queues nor reconnects: when a connection is lost, the operations under way reject, and the next
 *   operation opens a new one. On a silently dropped connection, operations time out after `timeoutMs` until
 *   `reconnect` is called, which `withConnectionCheck` does.
 * - On a Cluster, each master has such a connection of its own, opened on demand, which `connectionOf` names. MOVED and
 *   ASK are followed, because nothing has been executed then. Before a lost connection is reopened, other servers are
 *   asked for the current master. In keys with braces, the part between them determines the master: a `prefix` such as
 *   `{app}:` puts all sessions on one. Sentinels are asked again for each connection, and a server that is not a master
 *   is refused.
 * - A page of `list` is one SCAN that looks at about 100 keys of the database, of any kind; on a Cluster, one master is
 *   scanned after the other. A session there may be missed if its slot moves between masters during the listing; if the
 *   set of masters changes, the listing rejects with code `failed`. Every string under a key with the prefix is listed,
 *   including those of other programs. Keys that are not valid UTF-8 are not listed.
 * - A user with an access control list needs the commands get, getex, set, expire, del and ping; delifeq or delex, if
 *   the server has it; eval and evalsha, if it lacks any of the commands above; select, for a database other than 0;
 *   scan, for `list`; cluster and asking, on a Cluster; and role, behind sentinels. With info, the first change on a
 *   connection does not have to try out the commands.
 * - Redis silently drops sessions when it evicts keys (`maxmemory-policy` other than `noeviction`), is restarted
 *   without persistence, or fails over to a replica that has not received them yet.
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

/**
 * Lets the processes of an application notify each other through Redis of changes to sessions, wherever these are
 * stored.
 *
 * @remarks
 * - The channel has its own connection for publishing, and opens another one for receiving upon the first subscription.
 *   They are created from the source like those of {@link createRedisHandler}, and belong to the channel.
 * - A connection that has been silent for `everySeconds` is checked: with an echo, which is a message to itself, and by
 *   asking the server whether it is a master. A connection that does not answer within `pingTimeoutMs`, or leads to a
 *   server that is no longer the master, is replaced. Each new subscription reports a gap, because messages may have
 *   been missed.
 * - Up to 1,000 messages wait for a connection, and are sent again if it is unknown whether they arrived. Messages that
 *   cannot be sent are replaced by a report of a gap to the other processes.
 * - On a Cluster, messages use the one master that owns the slot of the name (SPUBLISH, SSUBSCRIBE); before Redis 7,
 *   they go to all servers (PUBLISH). Sentinels are asked again for each connection.
 * - A user with an access control list needs access to the channel (`&sessionwire`) and the commands publish, subscribe
 *   and ping; on a Cluster also spublish, ssubscribe and cluster; and role, which is required behind sentinels, and
 *   elsewhere detects that the server is no longer the master.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createRedisChannel(source: RedisSource, options: RedisChannelOptions = {}): SessionChannel {
  return createChannel(Redis, source, options);
}

/**
 * Reports sessions that end in Redis, whatever ends them: writers that publish nothing, such as connect-redis or PHP,
 * expiry, and eviction. Use it together with {@link createRedisChannel}:
 * `channel: [createRedisChannel(url), createRedisKeyspaceChannel(url)]`.
 *
 * @remarks
 * - It relies on keyspace events, which a server sends only if its setting `notify-keyspace-events` has the flags
 *   `Egxe`. The channel never changes the setting. It reads the setting (CONFIG GET), and reports an error as long as
 *   flags are missing, or if it may not read the setting, as on many hosted servers.
 * - It listens to all masters of a Cluster, each on its own connection, and to a new master within `everySeconds`. Each
 *   process receives the keyspace events of the whole database: every deletion and expiry there costs it a moment.
 * - Redis reports an expiry when it removes the key, which may be later than the time of expiry. FLUSHDB and FLUSHALL
 *   report nothing.
 * - `publish` does nothing. The prefix of the source's client (`keyPrefix`) is not removed: include it in `prefix`.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createRedisKeyspaceChannel(
  source: RedisSource,
  options: RedisKeyspaceChannelOptions = {},
): SessionChannel {
  return createKeyspaceChannel(Redis, source, options);
}
