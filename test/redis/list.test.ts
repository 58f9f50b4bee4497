// @module-tag real-time

import { Cluster, Redis } from "ioredis";
import { type ListingSessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { idsOf } from "sessionwire/testing";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

const server = await startRedis();
const handler = createRedisHandler(server.url);
const create = { replaces: undefined, ttlSeconds: 600 };

beforeEach(() => server.command("flushall"));
afterAll(async () => {
  await handler.close();
  await server.stop();
});

test("a page is one SCAN, for strings with the prefix taken as text and not as a pattern", async () => {
  await using prefixed = createRedisHandler(server.url, { prefix: "sess*:" });
  await Promise.all([prefixed.ping(), handler.ping()]);
  const monitor = await server.monitor();
  await prefixed.list();
  await prefixed.list({ prefix: "*?[a]\\^-" });
  await handler.list();
  await monitor.caughtUp();
  monitor.stop();
  const options = (pattern: string) => ["0", "MATCH", pattern, "COUNT", "100", "TYPE", "string"];
  expect(monitor.commands.map(([name, ...args]) => [name?.toLowerCase(), ...args])).toEqual([
    ["scan", ...options("sess\\*:*")],
    ["scan", ...options("sess\\*:\\*\\?\\[a\\]\\\\^-*")],
    ["scan", ...options("*")],
  ]);
});

test("glob characters in the prefix are literal", async () => {
  const ids = ["*?[a]\\x", "*?[a]\\", "*?[b]\\x", "ab[a]\\x", "*?a\\x", "*?[a]x", "[a]", "a", "\\", "*", "**", "?"];
  for (const prefix of ["", "*?[a]:", "a:"]) {
    await using prefixed = createRedisHandler(server.url, { prefix });
    for (const id of ids) await prefixed.write(id, bytes("data"), create);
  }
  await using prefixed = createRedisHandler(server.url, { prefix: "*?[a]:" });
  expect(await idsOf(prefixed)).toEqual(ids.toSorted());
  for (const prefix of ["*?[a]\\", "[a]", "*", "?", "\\", "a"]) {
    expect(await idsOf(prefixed, { prefix })).toEqual(ids.filter((id) => id.startsWith(prefix)).toSorted());
  }
});

test("keys of other types, behind other prefixes, and those that are no id are not listed", async () => {
  await using prefixed = createRedisHandler(server.url, { prefix: "sess:" });
  using bare = openBareRedis(server.url);
  await prefixed.write("mine", bytes("data"), create);
  await bare.set("sess:of another program", "data");
  for (const key of ["mine", "sess", "sess1:mine", "other:mine", "SESS:mine", "app:sess:mine"])
    await bare.set(key, "x");
  await bare.set("sess:", "the empty id");
  await bare.set(`sess:${"x".repeat(1025)}`, "too long");
  await bare.set(Buffer.from("73 65 73 73 3a ff fe".replaceAll(" ", ""), "hex"), "no UTF-8");
  await bare.set(Buffer.from("73 65 73 73 3a ed a0 80".replaceAll(" ", ""), "hex"), "half of a pair");
  await bare.rpush("sess:list", "x");
  await bare.sadd("sess:set", "x");
  await bare.zadd("sess:sorted set", 1, "x");
  await bare.hset("sess:hash", "x", "x");
  await bare.xadd("sess:stream", "*", "x", "x");
  expect(await idsOf(prefixed)).toEqual(["mine", "of another program"]);
  expect(await idsOf(handler, { prefix: "sess:m" })).toEqual(["sess:mine"]);
});

test("ids belong to the handler's database and have the client's key prefix removed", async () => {
  await handler.write("in database 0", bytes("data"), create);
  await using other = createRedisHandler(`${server.url}/3?keyPrefix=app*:`, { prefix: "sess:" });
  await using neighbour = createRedisHandler(`${server.url}/3?keyPrefix=apple:`, { prefix: "sess:" });
  for (const id of ["a1", "a2", "b"]) await other.write(id, bytes("data"), create);
  await neighbour.write("of the neighbour", bytes("data"), create);
  expect(await idsOf(other)).toEqual(["a1", "a2", "b"]);
  expect(await idsOf(other, { prefix: "a" })).toEqual(["a1", "a2"]);
  expect(await idsOf(handler)).toEqual(["in database 0"]);
});

test.each([{ protocol: 2 } as const, { protocol: 3, replyMapping: "resp3" } as const, { stringNumbers: true }])(
  "a client with the options %o lists the same",
  async (options) => {
    const client: unknown = new Redis(server.url, { ...options, lazyConnect: true });
    await using made = createRedisHandler(client as Redis); // the type knows the shapes of replies of one mapping only
    for (let index = 0; index < 300; index += 1) await made.write(`${index}`, bytes("data"), create);
    expect(await idsOf(made)).toHaveLength(300);
  },
);

test("the only extra command that listing needs is scan", async () => {
  const rights = ["~*", "-@all", "+get", "+getex", "+set", "+expire", "+del", "+eval", "+evalsha", "+ping"];
  await server.command("acl", "setuser", "app", "on", ">secret", ...rights);
  await using app = createRedisHandler(server.url.replace("redis://", "redis://app:secret@"));
  expect(await failureOf(app.list())).toMatchObject({ code: "unauthorized" });
  await server.command("acl", "setuser", "app", "+scan");
  expect(await idsOf(app)).toEqual([]);
});

describe("on a Cluster", () => {
  test("the sessions of all masters are listed, and a cursor stays valid for its masters", async () => {
    await using cluster = await startCluster(3);
    const [first] = cluster.servers;
    const source = new Cluster([{ host: "127.0.0.1", port: first?.port ?? 0 }], { lazyConnect: true });
    await using made = createRedisHandler(source, { prefix: "sess:" });
    const ids = Array.from({ length: 600 }, (_, index) => `session ${index}`);
    for (const id of ids) await made.write(id, bytes("data"), create);
    for (const one of cluster.servers) expect(Number(await one.command("dbsize"))).toBeGreaterThan(100);

    expect(await idsOf(made)).toEqual(ids.toSorted());
    expect(await idsOf(made, { prefix: "session 1" })).toEqual(
      ids.filter((id) => id.startsWith("session 1")).toSorted(),
    );
    const { next = "" } = await made.list();
    expect(await failureOf(made.list({ cursor: next.replace(/.$/, "-") }))).toMatchObject({ code: "failed" });
    expect(await failureOf(made.list({ cursor: "no cursor" }))).toMatchObject({ code: "failed" });
    const checked: ListingSessionHandler = withConnectionCheck(withTimeout(made), { everySeconds: 0 });
    expect(await idsOf(checked)).toEqual(ids.toSorted());
  });

  /** Masters that share the slots between them. */
  async function startCluster(size: number): Promise<AsyncDisposable & { readonly servers: readonly RedisServer[] }> {
    const args = ["--cluster-enabled", "yes", "--cluster-node-timeout", "2000"];
    const servers = await Promise.all(Array.from({ length: size }, () => startRedis({ args })));
    for (const [index, one] of servers.entries()) {
      const slots = Array.from({ length: 16_384 }, (_, slot) => slot).filter((slot) => slot % size === index);
      await one.command("cluster", "addslots", ...slots.map(String));
      await one.command("cluster", "set-config-epoch", String(index + 1));
      await servers[0]?.command("cluster", "meet", "127.0.0.1", String(one.port));
    }
    for (const one of servers) {
      await vi.waitUntil(
        async () => {
          const info = String(await one.command("cluster", "info"));
          return info.includes("cluster_state:ok") && info.includes(`cluster_size:${size}`);
        },
        { timeout: 20_000 },
      );
    }
    return {
      servers,
      async [Symbol.asyncDispose]() {
        await Promise.all(servers.map((one) => one.stop()));
      },
    };
  }
});
