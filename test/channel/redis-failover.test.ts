// @module-tag real-time

import { createRedisChannel, createRedisKeyspaceChannel, type RedisSource } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { clusterClient } from "../redis/cluster-scene.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { replicated } from "../servers/replication.ts";
import { expectNothingMissed, hear, report } from "./hearing.ts";
import { soon } from "./redis.ts";

expectNoEscapes();

interface Stage extends AsyncDisposable {
  readonly source: RedisSource;
  masterOf(key: string): Promise<RedisServer>;
  successorOf(former: RedisServer, key: string): Promise<RedisServer>;
}

const stages: Record<string, () => Promise<Stage>> = {
  async Cluster() {
    const cluster = await startRedisCluster();
    return { ...cluster, source: clusterClient(cluster.servers), [Symbol.asyncDispose]: cluster.stop };
  },
  async Sentinel() {
    const group = await startRedisSentinels();
    const source = { sentinels: group.addresses, name: group.name };
    return { ...group, source, masterOf: () => group.master(), [Symbol.asyncDispose]: group.stop };
  },
};

describe.each(Object.entries(stages))("on %s", (where, open) => {
  test.each(["killed", "frozen"] as const)(
    "after a master was %s, its successor misses nothing after the gap (law 115)",
    async (end) => {
      await using stage = await open();
      const former = await stage.masterOf("sessionwire");
      if (where === "Sentinel") await replicated(former, 2);
      await using teller = createRedisChannel(stage.source, soon);
      await using channel = createRedisChannel(stage.source, soon);
      const heard = hear(channel);
      const trouble = await expectNothingMissed(teller, heard, async () => {
        using _ = end === "frozen" ? former.freeze() : undefined;
        if (end === "killed") await former.kill();
        await stage.successorOf(former, "sessionwire");
      });
      report(`${where}, ${end}`, trouble);
      const successor = await stage.masterOf("sessionwire");
      expect(successor).not.toBe(former);
      const channels = where === "Cluster" ? "shardchannels" : "channels";
      expect(await successor.command("pubsub", channels, "sessionwire")).toEqual(["sessionwire"]);
    },
    120_000,
  );
});

test("keyspace events are heard from a master's successor, after a gap (law 115)", async () => {
  await using cluster = await startRedisCluster();
  for (const server of cluster.servers) await server.command("config", "set", "notify-keyspace-events", "Egxe");
  await using channel = createRedisKeyspaceChannel(clusterClient(cluster.servers), { ...soon, everySeconds: 1000 });
  const heard = hear(channel);
  const gaps = () => heard.filter((each) => each === "gap").length;
  await vi.waitUntil(() => gaps() >= 3, { timeout: 10_000 });
  const former = await cluster.masterOf("a-key");
  await former.kill();
  const successor = await cluster.successorOf(former, "a-key");
  await vi.waitUntil(() => gaps() >= 4, { timeout: 20_000 });
  await successor.command("set", "a-key", "x");
  await successor.command("del", "a-key");
  await vi.waitUntil(() => heard.includes("a-key"), { timeout: 10_000 });
}, 120_000);
