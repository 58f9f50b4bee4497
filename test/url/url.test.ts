import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createRedisHandler } from "sessionwire/redis";
import { createSessionHandler } from "sessionwire/url";
import { describe, expect, test } from "vitest";
import { bytes, text } from "../laws/law.ts";
import { rejectionOf } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { startRedisCluster } from "../servers/redis-cluster.ts";
import { startRedisSentinels } from "../servers/redis-sentinel.ts";
import { startRedis } from "../servers/redis-server.ts";
import { startUpstash } from "../servers/upstash-server.ts";

async function refusal(url: unknown): Promise<Error> {
  const error = await rejectionOf(createSessionHandler(url as string));
  if (error instanceof Error) return error;
  throw new Error("What it rejects with is no error.", { cause: error });
}

describe("a handler by its URL", () => {
  test("is in memory, with the limits in the URL", async () => {
    await using handler = await createSessionHandler("memory:?maxSessions=1&maxBytes=2&prefix=a:");
    await handler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
    await handler.write("two", bytes("2"), { replaces: undefined, ttlSeconds: 60 });
    expect(await handler.read("one")).toBeUndefined();
    expect(await rejectionOf(handler.write("x", bytes("123"), { replaces: undefined, ttlSeconds: 60 }))).toMatchObject({
      code: "too-large",
    });
    expect(await handler.list?.()).toEqual({ ids: ["two"], next: undefined });
  });

  test("is in Redis, in a database, under a prefix, with user and password", async () => {
    await using server = await startRedis();
    await server.command("acl", "setuser", "app", "on", ">p@ss:w/rd", "~*", "+@all");
    const { host } = new URL(server.url);
    const url = `redis://app:${encodeURIComponent("p@ss:w/rd")}@${host}/2?prefix=shop:&timeoutMs=1500&connectionName=web`;
    await using handler = await createSessionHandler(new URL(url));
    await handler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
    await handler.ping?.();
    await using other = await createSessionHandler(`redis://${host}/2`);
    expect(text((await other.read("shop:one"))?.data)).toBe("1");
    expect(String(await server.command("client", "list"))).toMatch(/name=web.* db=2/);
    await using byOption = await createSessionHandler(`redis://${host}?db=2`);
    expect(text((await byOption.read("shop:one"))?.data)).toBe("1");
  });

  test("is behind sentinels, in a database, with user and password", async () => {
    await using group = await startRedisSentinels();
    for (const server of group.servers)
      await server.command("acl", "setuser", "app", "on", ">p@ss:w/rd", "~*", "+@all");
    const hosts = group.addresses.map(({ host, port }) => `${host}:${port}`).join(",");
    const url = `redis+sentinel://app:${encodeURIComponent("p@ss:w/rd")}@${hosts}/${group.name}`;
    await using handler = await createSessionHandler(`${url}?db=2`);
    await handler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
    const master = await group.master();
    expect(String(await master.command("client", "list"))).toMatch(/ db=2 .*user=app/);
    await using other = await createSessionHandler(url);
    expect(await other.read("one")).toBeUndefined();
  });

  test("is behind sentinels with their own credentials", async () => {
    await using group = await startRedisSentinels();
    for (const sentinel of group.sentinels) {
      await sentinel.command("acl", "setuser", "watch", "on", ">p+w/d", "~*", "&*", "+@all");
      await sentinel.command("acl", "setuser", "default", "off");
    }
    const url = `redis+sentinel://${group.addresses.map(({ host, port }) => `${host}:${port}`).join(",")}/${group.name}`;
    await using stranger = await createSessionHandler(url);
    expect(await rejectionOf(stranger.read("one"))).toMatchObject({ code: "unauthorized" });
    const credentials = `sentinelUsername=watch&sentinelPassword=${encodeURIComponent("p+w/d")}`;
    for (const make of [createRedisHandler, createSessionHandler]) {
      await using handler = await make(`${url}?${credentials}`);
      expect(await handler.read("one")).toBeUndefined();
    }
  });

  test("is in Redis, through a socket in the file system", async () => {
    const directory = mkdtempSync(join(tmpdir(), "redis socket 100%-"));
    const path = join(directory, "redis.sock");
    await using server = await startRedis({ args: ["--unixsocket", path] });
    await server.command("config", "set", "requirepass", "p@ss");
    const place = `redis+unix://:p%40ss@${path.split("/").map(encodeURIComponent).join("/")}`;
    for (const make of [createRedisHandler, createSessionHandler]) {
      await using handler = await make(`${place}?db=1&prefix=${make.name}:`);
      await handler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
      await using stranger = await make(`${path}?db=1`);
      expect(await rejectionOf(stranger.read("one"))).toMatchObject({ code: "unauthorized" });
    }
    await using other = createRedisHandler({ path, db: 1, password: "p@ss" });
    for (const name of ["createRedisHandler", "createSessionHandler"]) {
      expect(text((await other.read(`${name}:one`))?.data)).toBe("1");
    }
    rmSync(directory, { recursive: true, force: true });
  });

  test("is in a Cluster, with only a password", async () => {
    await using cluster = await startRedisCluster();
    for (const server of cluster.servers) await server.command("config", "set", "requirepass", "pw");
    const hosts = cluster.startupNodes.map(({ host, port }) => `${host}:${port}`).join(",");
    await using handler = await createSessionHandler(`redis+cluster://:pw@${hosts}`);
    const ids = Array.from({ length: 20 }, (_, index) => `session ${index}`);
    for (const id of ids) await handler.write(id, bytes(id), { replaces: undefined, ttlSeconds: 60 });
    for (const id of ids) expect(text((await handler.read(id))?.data)).toBe(id);
    await using unknown = await createSessionHandler(`redis+cluster://${hosts}`);
    expect(await rejectionOf(unknown.read("one"))).toMatchObject({ code: "unauthorized" });
    await using byHandler = createRedisHandler(`redis+cluster://:pw@${hosts}?keyPrefix=app:`);
    await byHandler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
    expect(text((await handler.read("app:one"))?.data)).toBe("1");
  });

  test("is in Memcached, on several servers", async () => {
    await using one = await startMemcached();
    await using two = await startMemcached();
    await using handler = await createSessionHandler(`memcached://${one.address},${two.address}?prefix=shop:`);
    const ids = Array.from({ length: 20 }, (_, index) => `session ${index}`);
    for (const id of ids) await handler.write(id, bytes(id), { replaces: undefined, ttlSeconds: 60 });
    for (const id of ids) expect(text((await handler.read(id))?.data)).toBe(id);
    const counts = await Promise.all([one, two].map((server) => server.command("stats")));
    for (const lines of counts) expect(lines.join("\n")).not.toMatch(/STAT curr_items 0$/m);
  });

  test("is in Upstash, opened by its token", async () => {
    await using server = await startUpstash();
    const { host } = new URL(server.url);
    await using handler = await createSessionHandler(`upstash+http://${server.token}@${host}?prefix=shop:`);
    await handler.write("one", bytes("1"), { replaces: undefined, ttlSeconds: 60 });
    expect(await server.redis.command("get", "shop:one")).toBe("1");
    expect(server.requests[0]?.headers.authorization).toBe(`Bearer ${server.token}`);
  });

  test("connects to nothing before it is used", async () => {
    let connections = 0;
    await using server = createServer((socket) => {
      connections += 1;
      socket.destroy();
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo; // as it listens on a port
    const host = `127.0.0.1:${port}`;
    for (const url of [
      `redis://${host}`,
      `redis+sentinel://${host}/main`,
      `redis+cluster://${host},${host}`,
      `memcached://${host},[::1]:${port}`,
      `upstash+http://token@${host}`,
    ]) {
      await using handler = await createSessionHandler(url);
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([url, connections]).toEqual([url, 0]);
      expect(await rejectionOf(handler.read("one"))).toMatchObject({ code: "unavailable" });
      expect(connections).toBeGreaterThan(0);
      connections = 0;
    }
  });

  test("may be on the last possible port", async () => {
    await using handler = await createSessionHandler("redis+cluster://127.0.0.1:65535");
    expect(await rejectionOf(handler.read("one"))).toMatchObject({ code: "unavailable" });
  });
});

describe("the refused URLs", () => {
  test.each([
    ["a scheme that there is none of", "mysql://localhost", /"mysql:"/],
    ["a name of Object.prototype", "constructor:", /"constructor:"/],
    ["an option that there is none of", "redis://localhost?tls=1", /"tls"/],
    ["an option of another scheme", "redis://localhost?maxSessions=1", /"maxSessions"/],
    ["an option that stands there twice", "memory:?prefix=a:&prefix=b:", /"prefix"/],
    ["a host of the memory", "memory://localhost", /memory:/],
    ["two hosts of one server", "redis://a,b", /one host/],
    ["a Sentinel without the name of a master", "redis+sentinel://a,b", /master/],
    ["a master without a Sentinel", "redis+sentinel:///main", /hosts/],
    ["a Cluster without a host", "redis+cluster://", /hosts/],
    ["a database of a Cluster", "redis+cluster://a/1", /no database/],
    ["Memcached with a path", "memcached://a,b/1", /no path/],
    ["Upstash without a token", "upstash+https://a.upstash.io", /token/],
    ["two hosts of Upstash", "upstash+https://token@a,b", /one host/],
    ["Upstash over another protocol", "upstash+ftp://token@a", /"upstash\+ftp:"/],
    ["an option of another store", "memcached://a?db=1", /"db"/],
    ["a host that is none", "redis+cluster://a:b:c", /host/],
  ])("%s", async (_, url, message) => {
    const error = await refusal(url);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toMatch(message);
  });

  test.each([
    "memory:?maxBytes=many",
    "memory:?maxBytes=0",
    "redis://a?timeoutMs=1.5",
    "redis+cluster://a:99999",
    "redis://a/x",
  ])("a number that is none or out of range: %s", async (url) => {
    expect(await refusal(url)).toBeInstanceOf(RangeError);
  });

  test.each([undefined, "", "redis", "//localhost", "redis://localhost#a", {}])(
    "include one that names no store: %s",
    async (url) => {
      expect(await refusal(url)).toBeInstanceOf(TypeError);
    },
  );

  test.each([
    "mysql://user:s3cret@host",
    "redis://user:s3cret@a,b",
    "redis://user:s3cret@host?x=1",
    "redis://user:s3%cret@host",
    "redis+sentinel://user:s3cret@host",
    "redis+cluster://user:s3cret@host:0",
    "redis://user:s3cret",
    "memcached://user:s3cret@a:b:c",
    "memcached://user:s3cret@host?x=1",
    "memcached://s3cret@host",
    "upstash+https://s3cret@a,b",
    "upstash+https://s3cret@host?x=1",
    "upstash+https://user:s3cret@host",
    "redis://user:s3cret@host/s3cret",
  ])("without a word of the password: %s", async (url) => {
    const error = await refusal(url);
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)} ${error.cause}`).not.toContain("s3");
  });
});
