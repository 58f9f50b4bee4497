import type { Cluster, ClusterNode, NatMap, RedisOptions } from "ioredis";
import type { Client } from "./client.ts";
import { SourceError } from "./errors.ts";
import { type SafeOptions, safeOver } from "./safe-options.ts";
import { type Address, addressOf, nameOf, renaming } from "./topology.ts";

/** Where a Cluster is. */
export interface ClusterPlace {
  /** Who is asked first, each with what is said of it alone. */
  readonly startupNodes: readonly (RedisOptions & Address)[];
  /** How every server is reached. */
  readonly redisOptions: RedisOptions;
  readonly keyPrefix: string;
  readonly natMap?: NatMap | undefined;
}

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

export function clusterSource(place: ClusterPlace, safe: SafeOptions): ClusterSource {
  const { redisOptions, keyPrefix, natMap } = place;
  const startup = new Map(place.startupNodes.map((options) => [nameOf(options), options]));
  const rename = renaming(natMap);
  return {
    startupNodes: [...startup.keys()],
    optionsFor: (name) =>
      safeOver({ ...redisOptions, ...startup.get(name) }, { ...safe, keyPrefix, db: 0, ...addressOf(name) }),
    rename: (name) => nameOf(rename(addressOf(name))),
    keyPrefix,
  };
}

/** What is of use of the options of a Cluster client; how often it tries again, and on which server, is not. */
export function placeOfCluster(Client: Client, cluster: Cluster): ClusterPlace {
  const { redisOptions = {}, natMap, keyPrefix = "", useSRVRecords } = cluster.options;
  if (useSRVRecords) throw new SourceError("A Cluster that is found by SRV records (`useSRVRecords`) cannot be used.");
  // Where a Cluster begins is the one thing that it does not tell; it has been in this field in all versions.
  const nodes: unknown = Reflect.get(cluster, "startupNodes");
  const startupNodes = (Array.isArray(nodes) ? (nodes as ClusterNode[]) : []).map((node) => {
    const options = typeof node === "object" ? node : optionsOfUrl(Client, String(node));
    return { ...options, host: options.host ?? "127.0.0.1", port: Number(options.port ?? 6379) };
  });
  return { startupNodes, redisOptions, keyPrefix, natMap };
}

/** What a URL says of its server. What it leaves out is not said, and stands in `redisOptions` perhaps. */
function optionsOfUrl(Client: Client, url: string): RedisOptions {
  const { host, port, username, password, tls } = new Client(url, { lazyConnect: true }).options;
  const said = Object.entries({ host, port, username, password, tls }).filter(([, value]) => value != null);
  return Object.fromEntries(said);
}
