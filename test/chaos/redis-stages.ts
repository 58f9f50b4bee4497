import { withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { vi } from "vitest";
import { startProxies } from "../faults/cluster-proxies.ts";
import { clusterClient } from "../redis/cluster-scene.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { inTurn, networkFaults } from "./network.ts";
import { limits, pause, type Stage } from "./stage.ts";

const followsWell = /master_link_status:up/;

/** What a busy machine may need for what takes a second or two. */
const patient = { timeout: 30_000, interval: 50 };

/** One server that has on its disk what it acknowledges. */
async function openRedis(): Promise<Stage> {
  const server = await startRedis({ args: ["--appendonly", "yes", "--appendfsync", "always"] });
  const proxies = await startProxies([server]);
  const proxy = proxies.before(server);
  return {
    open: () => open(proxy.url),
    faults: {
      ...networkFaults(() => proxy),
      "a killed server": () => server.restart(),
      "a frozen server": () => freeze(server),
      "connections ended by the server": () => server.command("client", "kill", "type", "normal"),
      "scripts forgotten": () => server.command("script", "flush"),
    },
    connections: () => proxies.open,
    async stop() {
      await proxies[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}

/** Three masters with a replica each. */
async function openCluster(): Promise<Stage> {
  const cluster = await startRedisCluster();
  const { servers } = cluster;
  const proxies = await startProxies(servers);
  const nextServer = inTurn(servers);
  return {
    open: () => open(clusterClient(servers, { natMap: proxies.natMap })),
    faults: {
      ...networkFaults(() => proxies.before(nextServer())),
      "a killed server": () => succeed(nextServer(), (server) => server.kill()),
      "a frozen server, succeeded": () => succeed(nextServer(), async (server) => void server.freeze()),
      "a frozen server": () => freeze(nextServer(), 700),
      "a slot that moves": async () => {
        const key = "{moving}";
        const from = await cluster.masterOf(key);
        const others = await Promise.all(["a", "b", "c", "d", "e", "f"].map((other) => cluster.masterOf(other)));
        const to = others.find((other) => other !== from);
        if (to) await cluster.migrate(key, from, to);
      },
    },
    mayForget: true,
    connections: () => proxies.open,
    async stop() {
      await proxies[Symbol.asyncDispose]();
      await cluster.stop();
    },
  };

  /** Puts a server out of action until it has a successor, and takes it back. */
  async function succeed(server: RedisServer, end: (server: RedisServer) => Promise<void>): Promise<void> {
    const key = await keyOf(server);
    await end(server);
    if (key !== undefined) await cluster.successorOf(server, key);
    await takeBack(server);
  }

  /** A key that the server is the master of; a replica has none. */
  async function keyOf(server: RedisServer): Promise<string | undefined> {
    for (let number = 0; number < 40; number += 1) {
      if ((await cluster.masterOf(`key ${number}`)) === server) return `key ${number}`;
    }
    return undefined;
  }
}

/** A master with two replicas, and three sentinels. */
async function openSentinel(): Promise<Stage> {
  // With files, as Redis asks for: a master that comes back empty would have its replicas follow it in that.
  const group = await startRedisSentinels({ args: ["--appendonly", "yes"] });
  const proxies = await startProxies(group.servers);
  const source = () => ({ sentinels: group.addresses, name: group.name, natMap: proxies.natMap });
  const nextServer = inTurn(group.servers);
  return {
    open: () => open(source()),
    faults: {
      ...networkFaults(() => proxies.before(nextServer())),
      "a killed master": () => succeed((master) => master.kill()),
      "a frozen master, succeeded": () => succeed(async (master) => void master.freeze()),
      "a killed server": async () => {
        const server = nextServer();
        if (server === (await group.master())) return;
        await server.kill();
        await takeBack(server);
      },
      "a frozen sentinel": () => freeze(group.sentinels[0]),
    },
    mayForget: true,
    connections: () => proxies.open,
    async stop() {
      await proxies[Symbol.asyncDispose]();
      await group.stop();
    },
  };

  async function succeed(end: (master: RedisServer) => Promise<void>): Promise<void> {
    const former = await group.master();
    await end(former);
    const master = await group.successorOf(former);
    // Not before everybody follows the successor: a master that comes back in the middle of a failover may be made master again.
    const others = group.servers.filter((server) => server !== former && server !== master);
    await vi.waitUntil(async () => {
      const flags = await Promise.all(
        group.sentinels.map((sentinel) => sentinel.command("sentinel", "master", group.name)),
      );
      const infos = await Promise.all(
        others.map((server) => server.command("info", "replication").catch(() => "")), // its connections are closed when it changes sides
      );
      const isFollowed = infos.every(
        (info) => followsWell.test(String(info)) && String(info).includes(`master_port:${master.port}`),
      );
      return isFollowed && flags.every((each) => Array.isArray(each) && each[each.indexOf("flags") + 1] === "master");
    }, patient);
    await takeBack(former);
  }
}

function open(source: RedisSource) {
  return withConnectionCheck(createRedisHandler(source, { timeoutMs: limits.timeoutMs }), limits.check);
}

async function freeze(server: RedisServer | undefined, ms = 1000): Promise<void> {
  server?.freeze();
  await pause(ms);
  server?.thaw();
}

/** A server that was killed starts again, empty; one that was frozen goes on. Until it has the data of its master. */
async function takeBack(server: RedisServer): Promise<void> {
  server.thaw();
  const answers = await server.command("ping").catch(() => undefined);
  if (answers === undefined) await server.restart();
  await vi.waitUntil(async () => {
    const info = String(await server.command("info", "replication").catch(() => ""));
    return followsWell.test(info);
  }, patient);
}

export const redisStages: Readonly<Record<string, () => Promise<Stage>>> = {
  Redis: openRedis,
  Cluster: openCluster,
  Sentinel: openSentinel,
};
