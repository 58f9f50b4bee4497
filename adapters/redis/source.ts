import type { Cluster, Redis, RedisOptions } from "ioredis";
import type { RedisConnections } from "./connection.ts";
import { clientIn, type IoredisFork } from "./foreign-client.ts";
import { MadeConnections } from "./made-connections.ts";
import { connectionsOfClient, connectionsOfOptions, type Making } from "./places.ts";

/**
 * Where a handler gets its connection from.
 *
 * - a URL, just as `createSessionHandler` of `sessionwire/url` takes it, or the path of a socket,
 * - the options of an ioredis client, Sentinel included,
 * - a client (`Redis` or `Cluster`): the handler makes connections of its own, with its options, and leaves the client alone,
 * - a function that makes a client: it is called for each new connection, with the options that keep the client from sending
 *   anything twice. What it returns belongs to the handler. A client made without those options is replaced by a duplicate
 *   with them. A `Cluster` is made once, and asked for its options.
 *
 * @public
 */
export type RedisSource =
  | string
  | URL
  | RedisOptions
  | Redis
  | Cluster
  | IoredisFork
  | ((options: RedisOptions & { replyMapping: "legacy" }) => Redis | Cluster | IoredisFork);

/**
 * Makes the handler's own connections. Each client is used once: when its connection is lost, the next one is made afresh, so
 * that nothing of the old one can linger on (ioredis sends commands again after a reconnect, also those that have already been
 * rejected).
 */
export function connectionsOf(source: Exclude<RedisSource, string | URL>, making: Making): RedisConnections {
  if (typeof source === "function") return new MadeConnections(source, making);
  if (typeof source !== "object" || source === null || Array.isArray(source)) throw new TypeError(sourceRule);
  const client = clientIn(source);
  // What is no client has been written as options, whatever stands in it.
  return client ? connectionsOfClient(client, making) : connectionsOfOptions(source as RedisOptions, making);
}

const sourceRule = "A Redis source is a URL, ioredis options, an ioredis client or a function that makes one.";
