import { Cluster, type ClusterOptions } from "ioredis";
import type { NetworkedSessionHandler } from "sessionwire";
import type { RedisServer } from "../servers/redis-server.ts";
import { create } from "./session-data.ts";

type OwnOptions = Pick<ClusterOptions, "natMap" | "keyPrefix">;

/** A client that is never connected, for the handler to take its options from. */
export function clusterClient(servers: readonly RedisServer[], options: OwnOptions = {}): Cluster {
  const nodes = servers.map(({ port }) => ({ host: "127.0.0.1", port }));
  return new Cluster(nodes, { ...options, lazyConnect: true });
}

/** A Cluster client as it comes: what the handler has to do better than. */
export function openBareCluster(servers: readonly RedisServer[], options: OwnOptions = {}): Cluster & Disposable {
  const nodes = servers.map(({ port }) => ({ host: "127.0.0.1", port }));
  const client = new Cluster(nodes, options);
  client.on("error", () => {}); // its calls tell, or do not tell, what is wrong
  return Object.assign(client, {
    [Symbol.dispose]() {
      for (const node of client.nodes()) node.stream?.destroy();
      client.disconnect();
    },
  });
}

/** Sessions, one on each master; the handler has a connection to each. */
export async function idOnEachMaster(handler: NetworkedSessionHandler): Promise<[string, string, string]> {
  const ids = new Map<string, string>();
  while (ids.size < 3) {
    const { id } = await create(handler);
    await handler.read(id);
    ids.set(handler.connectionOf?.(id) ?? "", id);
  }
  const [first = "", second = "", third = ""] = ids.values();
  return [first, second, third];
}
