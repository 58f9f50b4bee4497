import type { Cluster, Redis, RedisOptions } from "ioredis";
import type { Making } from "./client.ts";
import type { RedisConnections } from "./connection.ts";
import { clientIn, type IoredisFork } from "./foreign-client.ts";
import { MadeConnections } from "./made-connections.ts";
import { connectionsOfClient, connectionsOfOptions } from "./places.ts";

/**
 * The source of a handler's connections:
 *
 * - a URL, as `createSessionHandler` of `sessionwire/url` accepts it, or the path of a socket,
 * - the options of an ioredis client, Sentinel included,
 * - a client (`Redis` or `Cluster`): the handler creates its own connections with the options of the client, which
 *   stays untouched,
 * - a function that creates a client: it is called for each new connection, with the options that keep the client from
 *   sending anything twice. The client it returns belongs to the handler. A client created without those options is
 *   replaced by a duplicate with them. A `Cluster` is created once, and only its options are used.
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
 * Creates the handler's own connections. Each client is used once: when its connection is lost, a new client is
 * created, so that nothing of the old one can linger (ioredis resends commands after a reconnect, including those that
 * have already been rejected).
 */
export function connectionsOf(source: Exclude<RedisSource, string | URL>, making: Making): RedisConnections {
  if (typeof source === "function") return new MadeConnections(source, making);
  if (typeof source !== "object" || source === null || Array.isArray(source)) throw new TypeError(sourceRule);
  const client = clientIn(source);
  // An object that is not a client was written as options, whatever it contains.
  return client ? connectionsOfClient(client, making) : connectionsOfOptions(source as RedisOptions, making);
}

const sourceRule = "A Redis source is a URL, ioredis options, an ioredis client or a function that creates one.";
