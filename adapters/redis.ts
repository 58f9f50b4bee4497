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
 * - A session is one string key that holds the bytes as they are, with the key's own expiry. Nothing is added to them, so that
 *   sessions of other programs can be read and replaced. The version is a digest of the bytes.
 * - A change on condition is one step of the server, by the best means that it has: `SET … NX GET` creates (Redis 7, Valkey),
 *   `SET … IFEQ` replaces (Valkey 8.1, Redis 8.4), `DELIFEQ` (Valkey 9) or `DELEX … IFEQ` (Redis 8.4) destroys; elsewhere a script
 *   does. Each connection finds out what its server has. Versions and answers are the same by all means, and programs that use
 *   different ones can share a database. Reading with a time to live is one GETEX. Redis 6.2 is the oldest that will do.
 * - The handler remembers the bytes behind the versions that were looked at last, at most 8 MiB of them, since servers compare
 *   bytes and know of no versions. For another version, a script compares the digest.
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
 * - A user of an access control list needs the commands get, getex, set, expire, del and ping; delifeq or delex, where the server
 *   has it; eval and evalsha, where it lacks any of the commands above; select, for a database other than 0; scan, for `list`;
 *   cluster and asking, on a Cluster; and role, behind sentinels. With info, the first change on a connection needs no trial.
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

/**
 * Lets the processes of an application tell each other by Redis what happens to sessions, wherever these are stored.
 *
 * @remarks
 * - The channel has a connection of its own for what it publishes, and another one for what it hears, as soon as somebody subscribes. They
 *   are made from the source as those of {@link createRedisHandler} are, and belong to the channel.
 * - A connection on which nothing was heard for `everySeconds` is checked: by an echo, that is a message to itself, and by asking the
 *   server whether it is a master. One that does not answer within `pingTimeoutMs`, or leads to a server that was succeeded, is replaced.
 *   After each subscription a gap is reported, since messages may have been missed.
 * - Messages wait for a connection, 1,000 at most, and are sent again when nobody knows whether they have arrived. What cannot be sent is
 *   made up for by telling the others that there is a gap.
 * - On a Cluster, messages go over the one master that has the slot of the name (SPUBLISH, SSUBSCRIBE), before Redis 7 to all servers
 *   (PUBLISH). Sentinels are asked anew for each connection.
 * - A user of an access control list needs the right to the channel (`&sessionwire`) and the commands publish, subscribe and ping; on a
 *   Cluster spublish, ssubscribe and cluster; role, behind sentinels, and elsewhere to notice that the server is no master any more.
 *
 * @throws `RangeError` or `TypeError` for a source or an option that cannot be used.
 *
 * @public
 */
export function createRedisChannel(source: RedisSource, options: RedisChannelOptions = {}): SessionChannel {
  return createChannel(Redis, source, options);
}

/**
 * Hears which sessions end in Redis, whoever ends them: writers that publish nothing, such as connect-redis or PHP, the time to live, and
 * eviction. To be used beside {@link createRedisChannel}: `channel: [createRedisChannel(url), createRedisKeyspaceChannel(url)]`.
 *
 * @remarks
 * - It goes by keyspace events, which a server sends only if its setting `notify-keyspace-events` has the flags `Egxe`. The channel never
 *   changes the setting. It reads it (CONFIG GET), and reports an error when flags are missing, until they are there, or when
 *   it may not read it, as on many hosted servers.
 * - It hears all masters of a Cluster, each on a connection of its own; a new master within `everySeconds`. Keyspace events of the
 *   whole database come to each process: every deletion and expiry there costs it a moment.
 * - Redis tells of an expiry when it removes the key, which may be later than its time. FLUSHDB and FLUSHALL tell nothing.
 * - `publish` does nothing. The prefix of the source's client (`keyPrefix`) is not taken off: say it as a part of `prefix`.
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
