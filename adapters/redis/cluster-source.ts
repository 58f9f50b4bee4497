import type { Cluster, ClusterNode, RedisOptions } from "ioredis";
import type { Client } from "./client.ts";
import { SourceError } from "./errors.ts";
import { type SafeOptions, safeOver } from "./safe-options.ts";
import { type Address, addressOf, nameOf, renaming } from "./topology.ts";

/** How the servers of a Cluster are found and reached. */
export interface ClusterSource {
  /** Who is asked first. */
  readonly startupNodes: readonly string[];
  /** How the server of this name is connected. */
  optionsFor(name: string): SafeOptions;
  /** The name by which a server is reached that calls itself so. */
  rename(name: string): string;
  readonly keyPrefix: string;
}

/** What is of use of the options of a Cluster client; how often it tries again, and on which server, is not. */
export function clusterSource(Client: Client, cluster: Cluster, safe: SafeOptions): ClusterSource {
  const { redisOptions, natMap, keyPrefix = "", useSRVRecords } = cluster.options;
  if (useSRVRecords) throw new SourceError("A Cluster that is found by SRV records (`useSRVRecords`) cannot be used.");
  const startup = new Map(startupOptions(Client, cluster).map((options) => [nameOf(options), options]));
  const rename = renaming(natMap);
  return {
    startupNodes: [...startup.keys()],
    optionsFor: (name) =>
      safeOver({ ...redisOptions, ...startup.get(name) }, { ...safe, keyPrefix, db: 0, ...addressOf(name) }),
    rename: (name) => nameOf(rename(addressOf(name))),
    keyPrefix,
  };
}

function startupOptions(Client: Client, cluster: Cluster): (RedisOptions & Address)[] {
  // Where a Cluster begins is the one thing that it does not tell; it has been in this field in all versions.
  const nodes: unknown = Reflect.get(cluster, "startupNodes");
  return (Array.isArray(nodes) ? (nodes as ClusterNode[]) : []).map((node) => {
    const options = typeof node === "object" ? node : new Client(String(node), { lazyConnect: true }).options;
    return { ...options, host: options.host ?? "127.0.0.1", port: Number(options.port ?? 6379) };
  });
}
