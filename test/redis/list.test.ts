// @module-tag real-time

import { Cluster, Redis } from "ioredis";
import { type ListingSessionHandler, withConnectionCheck, withTimeout } from "sessionwire";
import type { SessionPage } from "sessionwire/backend";
import { createRedisHandler } from "sessionwire/redis";
import { idsOf } from "sessionwire/testing";
import { afterAll, beforeEach, describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes } from "./session-data.ts";
import { failureOf, timed } from "./settling.ts";

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

test("a thousand sessions are listed over many pages", async () => {
  const ids = Array.from({ length: 1000 }, (_, index) => `session ${index}`);
  await Promise.all(ids.map((id) => handler.write(id, bytes("data"), create)));
  const listed: string[] = [];
  let pages = 0;
  let page: SessionPage | undefined;
  do {
    page = await handler.list({ cursor: page?.next });
    expect(page.ids.length).toBeLessThan(300);
    listed.push(...page.ids);
    pages += 1;
  } while (page.next !== undefined);
  expect([...new Set(listed)].toSorted()).toEqual(ids.toSorted());
  expect(pages).toBeGreaterThan(3);
  expect(pages).toBeLessThan(30);
});

test("keys of other types, with other prefixes, and invalid ids are not listed", async () => {
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

test("an invalid cursor is refused by the server, and the next listing succeeds", async () => {
  await using checked = withConnectionCheck(createRedisHandler(server.url));
  expect(await failureOf(checked.list({ cursor: "no cursor" }))).toMatchObject({ code: "failed" });
  expect(await checked.list()).toEqual({ ids: [], next: undefined });
});

describe("on a silently dropped connection", () => {
  test("a listing rejects by the deadline, of the handler or of withTimeout", async () => {
    await using proxy = await startProxy(server);
    await using own = createRedisHandler(proxy.url, { timeoutMs: 300 });
    await using limited = withTimeout(createRedisHandler(proxy.url, { timeoutMs: 60_000 }), { timeoutMs: 300 });
    for (const silent of [own, limited]) await silent.list();
    proxy.silence();
    for (const silent of [own, limited]) {
      const { value, ms } = await timed(failureOf(silent.list()));
      expect(value).toMatchObject({ code: "timeout", outcome: undefined });
      expect(ms).toBeLessThan(1000);
    }
  });

  test("a listing continues after the check, with its cursor", async () => {
    await using proxy = await startProxy(server);
    const inner = createRedisHandler(proxy.url);
    const [ping, reconnect] = [vi.spyOn(inner, "ping"), vi.spyOn(inner, "reconnect")];
    await using checked = withConnectionCheck(withTimeout(inner), { everySeconds: 0.1, pingTimeoutMs: 150 });
    const ids = Array.from({ length: 300 }, (_, index) => `session ${index}`);
    await Promise.all(ids.map((id) => handler.write(id, bytes("data"), create)));
    const first = await checked.list();
    proxy.silence();
    await new Promise((resolve) => setTimeout(resolve, 120)); // long enough for the connection to count as idle
    const second = await checked.list({ cursor: first.next });
    expect(ping).toHaveBeenCalledTimes(1);
    expect(reconnect).toHaveBeenCalledTimes(1);
    const rest = second.next === undefined ? [] : await idsOf(checked, { cursor: second.next });
    expect([...new Set([...first.ids, ...second.ids, ...rest])].toSorted()).toEqual(ids.toSorted());
  });

  test("a failed listing makes the next call check", async () => {
    await using proxy = await startProxy(server);
    const inner = createRedisHandler(proxy.url, { timeoutMs: 300 });
    await using checked = withConnectionCheck(inner, { pingTimeoutMs: 150 });
    await checked.list();
    const ping = vi.spyOn(inner, "ping");
    proxy.silence();
    expect(await failureOf(checked.list())).toMatchObject({ code: "timeout" });
    expect(ping).not.toHaveBeenCalled();
    expect(await checked.list()).toEqual({ ids: [], next: undefined });
    expect(ping).toHaveBeenCalledTimes(1);
  });
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
