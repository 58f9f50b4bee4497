import { Cluster } from "ioredis";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RewritingProxy, startRewriting } from "../faults/rewriting-proxy.ts";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import type { RedisServer } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, rejectionOf } from "./settling.ts";

expectNoEscapes();

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeoutMs: 15_000, servesInPart: true });
});
afterAll(() => cluster.stop());

/** Two masters: the one that has the key of an id, and another one. */
async function fromTo(id: string): Promise<[RedisServer, RedisServer]> {
  const from = await cluster.masterOf(id);
  const to = cluster.servers.slice(0, 3).find((server) => server !== from);
  if (!to) throw new Error("There is one master only.");
  return [from, to];
}

describe("a redirection that begins with another word, as from ElastiCache Serverless,", () => {
  const proxies = new Map<RedisServer, RewritingProxy>();
  const natMap: Record<string, { host: string; port: number }> = {};

  beforeAll(async () => {
    for (const server of cluster.servers) {
      const proxy = await startRewriting(server.port, (replies) =>
        replies.replace(/(^|\r\n)-(MOVED|ASK) /g, "$1-ERR $2 "),
      );
      proxies.set(server, proxy);
      natMap[`127.0.0.1:${server.port}`] = { host: "127.0.0.1", port: proxy.port };
    }
  });
  afterAll(() => Promise.all([...proxies.values()].map((proxy) => proxy[Symbol.asyncDispose]())));

  /** A client that reaches every server through its proxy, and has read the topology before the slots move. */
  function openCluster(): Cluster {
    const startupNodes = Object.values(natMap).slice(0, 3);
    return new Cluster(startupNodes, { natMap, slotsRefreshTimeout: 5000, redisOptions: { maxRetriesPerRequest: 0 } });
  }

  test("is an error to the bare client", async () => {
    const id = freshId();
    const [from, to] = await fromTo(id);
    const bare = openCluster();
    bare.on("error", () => {});
    await bare.set(id, "first");
    await cluster.migrate(id, from, to);
    for (const _ of "123") expect(String(await rejectionOf(bare.get(id)))).toContain("ERR MOVED");
    bare.disconnect();
    await cluster.migrate(id, to, from);
  });

  test.each([
    ["a handler", {}],
    ["a checked handler", { everySeconds: 0 }],
  ])("is followed and learned from by %s, for the time of a move and for good (law 36)", async (_, check) => {
    const client = openCluster();
    client.on("error", () => {});
    client.disconnect();
    const bare = createRedisHandler(client);
    await using handler = "everySeconds" in check ? withConnectionCheck(bare, check) : bare;
    const { id, version } = await create(handler);
    const [from, to] = await fromTo(id);
    const absent = `{${id}}absent`;
    const nameOf = (server: RedisServer) => `127.0.0.1:${proxies.get(server)?.port}`;
    await cluster.migrate(id, from, to, async () => {
      await expect(from.command("get", id)).rejects.toThrow("ASK");
      expect(textOf(await handler.read(id))).toBe("first");
      const second = await handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
      expect(second).toMatchObject({ written: true });
      const created = await handler.write(absent, bytes("new"), { replaces: undefined, ttlSeconds: 60 });
      expect(created).toMatchObject({ written: true });
      expect(handler.connectionOf?.(id)).toBe(nameOf(from));
    });
    await expect(from.command("get", id)).rejects.toThrow("MOVED");
    expect(textOf(await handler.read(id))).toBe("second");
    expect(handler.connectionOf?.(id)).toBe(nameOf(to));
    expect(await handler.touch(absent, 60)).toBe(true);
    expect(await handler.destroy(absent)).toEqual({ destroyed: true });
    await cluster.migrate(id, to, from);
    expect(textOf(await handler.read(id))).toBe("second");
  });
});

describe("a Cluster server that is taken for a single one names the option to use", () => {
  test("when a key is elsewhere", async () => {
    const id = freshId();
    const [, other] = await fromTo(id);
    for (const source of [other.url, { host: "127.0.0.1", port: other.port }]) {
      await using handler = createRedisHandler(source);
      const failures = [
        await failureOf(handler.read(id)),
        await failureOf(handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 })),
      ];
      for (const failure of failures) {
        expect(failure).toMatchObject({ code: "unavailable", message: expect.stringContaining("redis+cluster://") });
      }
      expect(failures[1]).toMatchObject({ outcome: "not-applied" });
    }
  });

  test("when a database is requested, of which it has none", async () => {
    const [server] = cluster.servers;
    await using handler = createRedisHandler(`${server?.url}/1`);
    const failure = await failureOf(handler.read("id"));
    expect(failure).toMatchObject({ code: "failed" });
    const said = String(await rejectionOf(server?.command("select", "1") ?? Promise.resolve()));
    // Valkey 9 may have databases in a Cluster, and says that this one is out of range.
    expect(failure.message.includes("redis+cluster://")).toBe(!said.includes("out of range"));
  });
});

test("servers that redirect a command for ever are unavailable, in words that do not refer to another kind of client", async () => {
  const id = freshId();
  const [from, to] = await fromTo(id);
  const slot = String(await from.command("cluster", "keyslot", id));
  const nodeOf = async (server: RedisServer) => String(await server.command("cluster", "myid"));
  const owner = await nodeOf(from);
  // Each says that the other one has it; what a Cluster says of itself in the middle of a reconfiguration.
  await from.command("cluster", "setslot", slot, "node", await nodeOf(to));
  try {
    await using handler = createRedisHandler(
      new Cluster([{ host: "127.0.0.1", port: from.port }], { lazyConnect: true }),
    );
    const failure = await failureOf(handler.touch(id, 60));
    expect(failure).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    expect(failure.message).not.toContain("redis+cluster");
  } finally {
    await from.command("cluster", "setslot", slot, "node", owner);
  }
});
