// @module-tag real-time

import { createRedisChannel, createRedisKeyspaceChannel } from "sessionwire/redis";
import { channelCases, defineCases } from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startProxies } from "../faults/cluster-proxies.ts";
import { clusterClient } from "../redis/cluster-scene.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import { expectNothingMissed, hear, report, tell, untilHeard } from "./hearing.ts";
import { FOUND_OUT_MS, soon } from "./redis.ts";

expectNoEscapes();

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster();
});
afterAll(() => cluster.stop());

let places = 0;
const harness = {
  async openPlace() {
    const proxies = await startProxies(cluster.servers);
    places += 1;
    const name = `place ${places}`;
    const owner = await cluster.masterOf(name);
    const each = cluster.servers.map((server) => proxies.before(server));
    return {
      create: () => createRedisChannel(clusterClient(cluster.servers, { natMap: proxies.natMap }), { ...soon, name }),
      publishForeign: async (text: string) => void (await owner.command("spublish", name, text)),
      connections: {
        reset() {
          for (const proxy of each) proxy.heal();
          for (const proxy of each) proxy.resetAll();
        },
        silence() {
          for (const proxy of each) proxy.silence();
          for (const proxy of each) proxy.newConnections = "silent";
        },
        drop() {
          for (const proxy of each) proxy.silence();
        },
        open: () => proxies.open,
      },
      [Symbol.asyncDispose]: () => proxies[Symbol.asyncDispose](),
    };
  },
};

defineCases("channels on a Cluster", channelCases(harness), { describe, it: test });

test("messages reach the subscribers on one master, and no other server", async () => {
  const client = clusterClient(cluster.servers);
  await using teller = createRedisChannel(client, soon);
  await using channel = createRedisChannel(client, soon);
  const heard = hear(channel);
  await untilHeard(teller, heard);
  const owner = await cluster.masterOf("sessionwire");
  for (const server of cluster.servers) {
    const channels = await server.command("pubsub", "shardchannels");
    expect(channels).toEqual(server === owner ? ["sessionwire"] : []);
  }
});

test("a subscription follows its slot to another master at once (law 115)", async () => {
  const client = clusterClient(cluster.servers);
  await using teller = createRedisChannel(client, { ...soon, name: "migrating" });
  await using channel = createRedisChannel(client, { ...soon, name: "migrating", everySeconds: 1000 });
  const heard = hear(channel);
  await untilHeard(teller, heard);
  const owner = await cluster.masterOf("migrating");
  const others = await Promise.all(["a", "b", "c", "d", "e", "f"].map((key) => cluster.masterOf(key)));
  const target = others.find((server) => server !== owner) ?? owner;
  const trouble = await expectNothingMissed(teller, heard, () => cluster.migrate("migrating", owner, target));
  report("the slot has another master", trouble);
  const last = tell(teller);
  await vi.waitUntil(() => heard.includes(last));
});

test("processes with the Cluster as source hear those whose client has a prefix", async () => {
  await using teller = createRedisChannel(clusterClient(cluster.servers, { keyPrefix: "app:" }), soon);
  await using channel = createRedisChannel(clusterClient(cluster.servers, { keyPrefix: "app:" }), soon);
  const heard = hear(channel);
  await untilHeard(teller, heard);
});

test("keyspace events from every master are heard", async () => {
  for (const server of cluster.servers) await server.command("config", "set", "notify-keyspace-events", "Egxe");
  await using channel = createRedisKeyspaceChannel(clusterClient(cluster.servers), soon);
  const heard = hear(channel);
  await vi.waitUntil(() => heard.filter((each) => each === "gap").length >= 3, { timeout: FOUND_OUT_MS });
  const keys = Array.from({ length: 30 }, (_, index) => `key ${index}`);
  const owners = await Promise.all(keys.map((key) => cluster.masterOf(key)));
  expect(new Set(owners).size).toBe(3);
  for (const [index, key] of keys.entries()) {
    await owners[index]?.command("set", key, "x");
    await owners[index]?.command("del", key);
  }
  await vi.waitUntil(() => keys.every((key) => heard.includes(key)), { timeout: FOUND_OUT_MS });
});

test("a Cluster whose servers do not support sharded messages carries plain ones", async () => {
  for (const server of cluster.servers) {
    await server.command(
      "acl",
      "setuser",
      "old",
      "on",
      ">secret",
      "allkeys",
      "allchannels",
      "+@all",
      "-spublish",
      "-ssubscribe",
    );
  }
  const hosts = cluster.servers.map(({ port }) => `127.0.0.1:${port}`);
  const url = `redis+cluster://old:secret@${hosts.join(",")}`;
  await using teller = createRedisChannel(url, soon);
  await using channel = createRedisChannel(url, soon);
  const heard = hear(channel);
  await untilHeard(teller, heard);
  expect(await (await cluster.masterOf("sessionwire")).command("pubsub", "channels")).toEqual(["sessionwire"]);
});
