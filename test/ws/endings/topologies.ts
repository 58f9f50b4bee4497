import { startRedisCluster } from "../../servers/redis-cluster.ts";
import { startRedisSentinels } from "../../servers/redis-sentinel.ts";
import type { RedisServer } from "../../servers/redis-server.ts";
import { replicated } from "../../servers/replication.ts";

/** Several servers, of which one may fail. */
export interface Topology extends AsyncDisposable {
  readonly url: string;
  /** The master on which the processes tell each other what ends. */
  master(): Promise<RedisServer>;
  /** Waits until everything that is stored is on the replicas too, or a failover would bring back what has ended. */
  settled(): Promise<void>;
  /** Waits until another server than `former` is the master. */
  successorOf(former: RedisServer): Promise<RedisServer>;
}

const channel = "sessionwire";

export const topologies: Readonly<Record<string, () => Promise<Topology>>> = {
  async Cluster() {
    const cluster = await startRedisCluster();
    const { servers } = cluster;
    return {
      url: `redis+cluster://${servers.map(({ port }) => `127.0.0.1:${port}`).join(",")}`,
      master: () => cluster.masterOf(channel),
      settled: async () => void (await Promise.all(servers.slice(0, 3).map((master) => replicated(master, 1)))),
      successorOf: (former) => cluster.successorOf(former, channel),
      [Symbol.asyncDispose]: cluster.stop,
    };
  },
  async Sentinel() {
    const group = await startRedisSentinels();
    const hosts = group.addresses.map(({ host, port }) => `${host}:${port}`);
    return {
      url: `redis+sentinel://${hosts.join(",")}/${group.name}`,
      master: () => group.master(),
      settled: async () => replicated(await group.master(), 2),
      successorOf: (former) => group.successorOf(former),
      [Symbol.asyncDispose]: group.stop,
    };
  },
};
