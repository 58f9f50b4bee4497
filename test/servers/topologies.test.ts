// @module-tag real-time

import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisCluster, startRedisCluster } from "./redis-cluster.ts";
import { type RedisSentinels, startRedisSentinels } from "./redis-sentinel.ts";
import { replicated } from "./replication.ts";

describe("a Cluster", () => {
  let cluster: RedisCluster;
  beforeAll(async () => {
    const start = performance.now();
    cluster = await startRedisCluster();
    console.info(`a Cluster of 6 servers was ready after ${Math.round(performance.now() - start)} ms`);
  });
  afterAll(() => cluster.stop());

  test("names the server of a key, moves its slot, and has a successor for a killed or frozen server", async () => {
    const first = await cluster.masterOf("key");
    expect(await first.command("set", "key", "value")).toBe("OK");
    await replicated(first, 1);
    await first.kill();
    const second = await cluster.successorOf(first, "key");
    expect(await second.command("get", "key")).toBe("value");
    const other = await cluster.masterOf("b", first);
    expect(other).not.toBe(second);
    await cluster.migrate("key", second, other, async () => {
      await expect(second.command("get", "key")).rejects.toThrow("ASK");
    });
    expect(await other.command("get", "key")).toBe("value");
    await expect(second.command("get", "key")).rejects.toThrow("MOVED");
    other.freeze();
    const last = await cluster.successorOf(other, "b");
    expect(cluster.servers).toContain(last);
  }, 60_000);
});

describe("sentinels", () => {
  let group: RedisSentinels;
  beforeAll(async () => {
    const start = performance.now();
    group = await startRedisSentinels();
    console.info(`a master, 2 replicas and 3 sentinels were ready after ${Math.round(performance.now() - start)} ms`);
  });
  afterAll(() => group.stop());

  test("name the master, and another one when it is killed or frozen", async () => {
    const first = await group.master();
    expect(await first.command("set", "key", "value")).toBe("OK");
    await replicated(first, 2);
    await first.kill();
    const second = await group.successorOf(first);
    expect(await second.command("get", "key")).toBe("value");
    second.freeze();
    const third = await group.successorOf(second);
    expect(await third.command("get", "key")).toBe("value");
  }, 150_000);
});
