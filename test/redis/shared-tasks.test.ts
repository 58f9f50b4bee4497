import type { RedisOptions } from "ioredis";
import type { Clock } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startProxies } from "../faults/cluster-proxies.ts";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import { type RedisSentinels, startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { clusterClient } from "./cluster-scene.ts";
import { expectNoEscapes } from "./escapes.ts";
import { createFrozenClock } from "./frozen-clock.ts";
import { failureOf } from "./settling.ts";

// What a call begins and others wait for: the connection itself, the look at a Cluster, the question to sentinels. The laws of
// one server are in laws.ts, with broken versions.

expectNoEscapes();

type Network = Awaited<ReturnType<typeof startProxies>>;

let cluster: RedisCluster;
let group: RedisSentinels;
beforeAll(async () => {
  [cluster, group] = await Promise.all([startRedisCluster(), startRedisSentinels()]);
});
afterAll(() => Promise.all([cluster.stop(), group.stop()]));

const topologies: [string, () => readonly RedisServer[], (network: Network) => RedisSource][] = [
  ["a Cluster", () => cluster.servers, ({ natMap }) => clusterClient(cluster.servers, { natMap })],
  ["sentinels", () => [...group.servers, ...group.sentinels], throughSentinels],
];

/** The sentinels and the master, each through its proxy. */
function throughSentinels({ before, natMap }: Network): RedisOptions {
  const sentinels = group.sentinels.map((sentinel) => ({ host: "127.0.0.1", port: before(sentinel).port }));
  return { sentinels, name: group.name, natMap };
}

describe.each(topologies)("behind %s", (_, servers, sourceOf) => {
  let network: Network;
  beforeEach(async () => {
    network = await startProxies(servers());
    return () => network[Symbol.asyncDispose]();
  });

  function each(change: (proxy: ReturnType<Network["before"]>) => void): void {
    for (const server of servers()) change(network.before(server));
  }

  test("a cancelled call does not cancel others that wait for what it began (law 39)", async () => {
    each((proxy) => {
      proxy.delayMs = 30;
    });
    await using handler = createRedisHandler(sourceOf(network), { timeoutMs: 20_000 });
    for (const begin of [handler.read.bind(null, "a"), handler.reconnect]) {
      const before = network.accepted;
      const abortion = new AbortController();
      const aborted = failureOf(begin({ signal: abortion.signal }));
      const other = handler.read("a");
      await vi.waitUntil(() => network.accepted > before);
      abortion.abort();
      expect(await aborted).toMatchObject({ code: "aborted" });
      expect(await other).toBeUndefined();
    }
  });

  test("work that a caller began and left, with all its timers, is started again (law 38)", async () => {
    each((proxy) => {
      proxy.newConnections = "silent";
    });
    vi.stubGlobal("navigator", { userAgent: "Cloudflare-Workers" }); // elsewhere, no timer goes with its caller
    const { clock, thaw, pass } = createFrozenClock();
    await using handler = open(clock);
    vi.unstubAllGlobals();
    handler.read("a").catch(() => {}); // of no interest to anybody any more
    await vi.waitUntil(() => network.accepted > 0);
    each((proxy) => {
      proxy.newConnections = "pass";
    });
    thaw();
    expect(await failureOf(handler.read("a"))).toMatchObject({ code: "timeout" });
    pass(5000);
    expect(await handler.read("a")).toBeUndefined();
  });

  function open(clock: Clock) {
    return createRedisHandler(sourceOf(network), { timeoutMs: 500, clock });
  }
});
