// @module-tag real-time

import { Cluster } from "ioredis";
import { type NetworkedSessionHandler, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { idsOf } from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startProxies } from "../faults/cluster-proxies.ts";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { clusterClient, idOnEachMaster } from "./cluster-scene.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, timed } from "./settling.ts";

expectNoEscapes();

const timeoutMs = 400;
const slackMs = 300;
const limits = { pingTimeoutMs: 200, reconnectTimeoutMs: 400 };

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeoutMs: 15_000, servesInPart: true });
});
afterAll(() => cluster.stop());

describe("a slot that moves to another master", () => {
  test("is followed during and after the move, by reads, unknown scripts and creations (law 36)", async () => {
    await using handler = createRedisHandler(clusterClient(cluster.servers));
    const { id, version } = await create(handler);
    const [from, to] = await fromTo(id);
    for (const server of [from, to]) await server.command("script", "flush");
    const absent = `{${id}}absent`;
    await cluster.migrate(id, from, to, async () => {
      await expect(from.command("get", id)).rejects.toThrow("ASK");
      expect(textOf(await handler.read(id))).toBe("first");
      const second = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
      expect(second).toMatchObject({ written: true });
      expect(await handler.write(absent, bytes("new"), { replaces: undefined, ttlSeconds: 60 })).toMatchObject({
        written: true,
      });
      expect(await handler.touch(absent, 60)).toBe(true);
      expect(handler.connectionOf?.(id)).toBe(`127.0.0.1:${from.port}`);
    });
    await expect(from.command("get", id)).rejects.toThrow("MOVED");
    expect(textOf(await handler.read(id))).toBe("second");
    expect(handler.connectionOf?.(id)).toBe(`127.0.0.1:${to.port}`);
    expect(await handler.destroy(absent)).toEqual({ destroyed: true });
    await cluster.migrate(id, to, from);
    expect(textOf(await handler.read(id))).toBe("second");
  });

  test("to a server that does not answer rejects in time, with outcome not-applied or unknown (law 38)", async () => {
    await using handler = createRedisHandler(clusterClient(cluster.servers), { timeoutMs });
    const { id, version } = await create(handler);
    const [from, to] = await fromTo(id);
    await cluster.migrate(id, from, to);
    {
      using _ = to.freeze();
      const write = () => handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
      for (const _ of "12") {
        const { value, ms } = await timed(failureOf(write()));
        expect(value).toMatchObject({ code: "timeout" });
        expect(ms).toBeLessThan(timeoutMs + slackMs);
      }
    }
    await handler.reconnect();
    expect(textOf(await handler.read(id))).toBe("first");
    await cluster.migrate(id, to, from);
  });

  test("to a server that refuses connections is unavailable, with outcome not-applied (law 34)", async () => {
    await using network = await startProxies(cluster.servers);
    await using handler = createRedisHandler(clusterClient(cluster.servers, { natMap: network.natMap }));
    const { id, version } = await create(handler);
    const [from, to] = await fromTo(id);
    network.before(to).newConnections = "refuse";
    await cluster.migrate(id, from, to);
    const write = () => handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
    for (const _ of "12") {
      expect(await failureOf(write())).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    }
    network.before(to).newConnections = "pass";
    expect(await write()).toMatchObject({ written: true });
    await cluster.migrate(id, to, from);
  });

  test("that no server serves is unavailable at once, with outcome not-applied; once it is served again, the next call succeeds (laws 32 to 34)", async () => {
    await using checked = withConnectionCheck(createRedisHandler(clusterClient(cluster.servers)), limits);
    const { id, version } = await create(checked);
    const master = await cluster.masterOf(id);
    const slot = String(await master.command("cluster", "keyslot", id));
    await master.command("cluster", "delslots", slot);
    try {
      await expect(master.command("get", id)).rejects.toThrow("CLUSTERDOWN");
      for (const _ of "12") {
        const { value, ms } = await timed(
          failureOf(checked.write(id, bytes("x"), { replaces: version, ttlSeconds: 60 })),
        );
        expect(value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
        expect(ms).toBeLessThan(slackMs);
      }
      expect(await failureOf(checked.read(id))).toMatchObject({ code: "unavailable" });
    } finally {
      await master.command("cluster", "addslots", slot);
    }
    await vi.waitUntil(async () => (await checked.read(id).catch(() => undefined)) !== undefined, { timeout: 10_000 });
    expect(await checked.read(id)).toMatchObject({ version });
  });

  async function fromTo(id: string): Promise<[RedisServer, RedisServer]> {
    const from = await cluster.masterOf(id);
    const to = cluster.servers.slice(0, 3).find((server) => server !== from);
    if (!to) throw new Error("There is one master only.");
    return [from, to];
  }
});

describe("a Cluster", () => {
  test("whose prefix has a hash tag keeps all sessions on one master", async () => {
    await using handler = createRedisHandler(clusterClient(cluster.servers), { prefix: "{app}:" });
    for (let n = 0; n < 20; n += 1) await create(handler);
    await using plain = createRedisHandler(clusterClient(cluster.servers), { prefix: "app:" });
    for (let n = 0; n < 20; n += 1) await create(plain);
    const names = (of: NetworkedSessionHandler) =>
      new Set(Array.from({ length: 50 }, () => of.connectionOf?.(freshId())));
    expect(names(handler).size).toBe(1);
    expect(names(plain).size).toBe(3);
    expect(await idsOf(handler)).toHaveLength(20);
  });

  test.each(["", "app:"])(
    "with the key prefix %j of its client stores every key where the servers expect it",
    async (keyPrefix) => {
      const client = clusterClient(cluster.servers, { keyPrefix });
      await using handler = createRedisHandler(client, { prefix: "sess:" });
      await handler.ping();
      for (const text of ["a", "{b}c", "{}d", "e{f", "}g{h}", "é👩‍👩‍👧", freshId()]) {
        const written = await handler.write(text, bytes("data"), { replaces: undefined, ttlSeconds: 60 });
        expect(written).toMatchObject({ written: true });
        const master = await cluster.masterOf(`${keyPrefix}sess:${text}`);
        expect(handler.connectionOf?.(text)).toBe(`127.0.0.1:${master.port}`);
        expect(await master.command("get", `${keyPrefix}sess:${text}`)).toBe("data");
        expect(await handler.destroy(text)).toEqual({ destroyed: true });
      }
    },
  );

  test("is reached through a function, and through any one of its servers given as a URL", async () => {
    const [first] = cluster.servers;
    const made: Cluster[] = [];
    await using handler = createRedisHandler((redisOptions) => {
      const client = new Cluster([first?.url ?? ""], { redisOptions });
      made.push(client);
      return client;
    });
    const { id } = await create(handler);
    await handler.reconnect();
    expect(textOf(await handler.read(id))).toBe("first");
    expect(made).toHaveLength(1);
    expect(made[0]?.nodes()).toEqual([]);
  });

  test("whose nodes are URLs without credentials is reached with the common ones of its client", async () => {
    const { servers } = cluster;
    for (const server of servers) await server.command("acl", "setuser", "app", "on", ">pw", "~*", "+@all");
    const redisOptions = { username: "app", password: "pw" };
    const nodes = servers.map(({ url }) => url);
    await using handler = createRedisHandler(new Cluster(nodes, { redisOptions, lazyConnect: true }));
    await idOnEachMaster(handler);
    for (const server of servers.slice(0, 3))
      expect(String(await server.command("client", "list"))).toContain("user=app");
  });

  test("that cannot be reached is unavailable, in time", async () => {
    const nobody = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true });
    await using checked = withConnectionCheck(createRedisHandler(nobody), limits);
    for (const _ of "12") {
      expect(await failureOf(checked.touch("id", 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    }
  });
});
