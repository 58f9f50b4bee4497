import type { Cluster, ClusterNode, NatMap, RedisOptions } from "ioredis";
import type { Client } from "./client.ts";
import { SourceError } from "./errors.ts";
import type { Address } from "./topology.ts";

/** The location of a Cluster. */
export interface ClusterPlace {
  /** The servers to ask first, each with the options that apply to it alone. */
  readonly startupNodes: readonly (RedisOptions & Address)[];
  /** The options for every server. */
  readonly redisOptions: RedisOptions;
  readonly keyPrefix: string;
  readonly natMap?: NatMap | undefined;
}

/** Returns the location of a client's Cluster. The client's settings for retries and their target are ignored. */
export function placeOfCluster(Client: Client, cluster: Cluster): ClusterPlace {
  const { redisOptions = {}, natMap, keyPrefix = "", useSRVRecords } = cluster.options;
  if (useSRVRecords)
    throw new SourceError("A Cluster that is found by SRV records (`useSRVRecords`) is not supported.");
  // A Cluster client exposes everything but its startup nodes; all versions keep them in this field.
  const nodes: unknown = Reflect.get(cluster, "startupNodes");
  const startupNodes = (Array.isArray(nodes) ? (nodes as ClusterNode[]) : []).map((node) => {
    const options = typeof node === "object" ? node : optionsOfUrl(Client, String(node));
    return { ...options, host: options.host ?? "127.0.0.1", port: Number(options.port ?? 6379) };
  });
  return { startupNodes, redisOptions, keyPrefix, natMap };
}

/** Returns the options that a URL states. Those it leaves out stay absent, because `redisOptions` may contain them. */
function optionsOfUrl(Client: Client, url: string): RedisOptions {
  const { host, port, username, password, tls } = new Client(url, { lazyConnect: true }).options;
  const said = Object.entries({ host, port, username, password, tls }).filter(([, value]) => value != null);
  return Object.fromEntries(said);
}
