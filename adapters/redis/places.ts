import type { RedisOptions } from "ioredis";
import { type Client, connect, type Opening } from "./client.ts";
import { ClusterConnections } from "./cluster.ts";
import { type ClusterPlace, clusterSource, placeOfCluster } from "./cluster-source.ts";
import { type Opener, RedisConnection, type RedisConnections } from "./connection.ts";
import { duplicate, isCluster, type RedisClient, refuseReplicas } from "./foreign-client.ts";
import { refuseUnknownOptions, refuseUrlAsHost } from "./known-options.ts";
import { type SafeOptions, safeOver } from "./safe-options.ts";
import { expectCurrent, openMaster, sentinelSource } from "./sentinel.ts";

/** The settings from which the connections of a handler are created. */
export interface Making extends Opening {
  readonly Client: Client;
  readonly safe: SafeOptions;
}

/** Creates the connections to a server, to the master behind sentinels, or to a Cluster. */
export function connectionsTo(place: RedisOptions | ClusterPlace, making: Making): RedisConnections {
  if ("startupNodes" in place) return toCluster(place, making);
  const { Client, safe, timeoutMs, clock } = making;
  if (place.sentinels) return throughSentinels(place, making);
  const open = () => connect(new Client(safeOver(place, safe)), making);
  return new RedisConnection({ open, withinMs: timeoutMs }, clock);
}

/** Does the same for options that the application wrote, which may contain mistakes. */
export function connectionsOfOptions(options: RedisOptions, making: Making): RedisConnections {
  refuseUnknownOptions(options);
  refuseUrlAsHost(options);
  refuseReplicas(options);
  return connectionsTo(options, making);
}

/** Creates connections to the servers of a client, which itself stays untouched. */
export function connectionsOfClient(client: RedisClient, making: Making): RedisConnections {
  refuseReplicas(client.options);
  if (isCluster(client)) return toCluster(placeOfCluster(making.Client, client), making);
  const { safe, timeoutMs, clock } = making;
  refuseUrlAsHost(client.options);
  const database = client.condition?.select;
  const options = database === undefined ? safe : { ...safe, db: database };
  if (client.options.sentinels) return throughSentinels(client.options, { ...making, safe: options });
  const open = () => connect(duplicate(client, options), making);
  return new RedisConnection({ open, withinMs: timeoutMs }, clock);
}

function toCluster(place: ClusterPlace, making: Making): RedisConnections {
  return new ClusterConnections(making.Client, clusterSource(place, making.safe), making);
}

function throughSentinels(options: RedisOptions, making: Making): RedisConnections {
  const { Client, safe, timeoutMs, clock } = making;
  const source = sentinelSource(Client, options, safe);
  const opener: Opener = {
    open: () => openMaster(source, making),
    withinMs: 3 * timeoutMs, // asks the sentinels, connects to the master, and asks the sentinels again
    isCurrent: (client) => expectCurrent(source, client, timeoutMs, clock),
  };
  return new RedisConnection(opener, clock);
}
