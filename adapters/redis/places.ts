import type { RedisOptions } from "ioredis";
import { type CancellableTask, chain } from "./cancellable-task.ts";
import { connect, type Making } from "./client.ts";
import { type ClusterPlace, placeOfCluster } from "./cluster-place.ts";
import { type Opener, RedisConnection, type RedisConnections } from "./connection.ts";
import { SourceError } from "./errors.ts";
import { duplicate, isCluster, type RedisClient, refuseReplicas } from "./foreign-client.ts";
import { refuseUnknownOptions, refuseUrlAsHost } from "./known-options.ts";
import { LazyConnections } from "./lazy-connections.ts";
import { loadSeveralServers, waitFor } from "./load-several-servers.ts";
import { safeOver } from "./safe-options.ts";
import type { MasterFinder } from "./sentinel.ts";

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
  return new LazyConnections(async () => {
    const { createClusterConnections } = await loadSeveralServers();
    return createClusterConnections(place, making);
  });
}

function throughSentinels(options: RedisOptions, making: Making): RedisConnections {
  if (!options.name)
    throw new SourceError("The options of a client that uses sentinels must contain the name of the master.");
  const { timeoutMs, clock } = making;
  const opener: Opener = {
    open: () => chain(findMaster(options, making), (finder) => finder.open()),
    withinMs: 3 * timeoutMs, // asks the sentinels, connects to the master, and asks the sentinels again
    isCurrent: (client) => chain(findMaster(options, making), (finder) => finder.isCurrent(client)),
  };
  return new RedisConnection(opener, clock);
}

function findMaster(options: RedisOptions, making: Making): CancellableTask<MasterFinder> {
  return waitFor(loadSeveralServers().then(({ createMasterFinder }) => createMasterFinder(options, making)));
}
