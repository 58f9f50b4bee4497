import { connect } from "node:net";
import { AbstractConnector, Redis } from "ioredis";
import { createClient } from "redis";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectToKeepSessions as expectKept, expectRefusal, secret } from "../conformance/sources.ts";
import { startProxy } from "../faults/proxy.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, textOf } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

/** What the handler's connection must not do, told by the options of the client that carries it. */
const safe = { maxRetriesPerRequest: 0, enableOfflineQueue: false, enableAutoPipelining: false };

function expectToKeepSessions(source: RedisSource): Promise<void> {
  return expectKept(createRedisHandler(source));
}

describe("a handler is made from", () => {
  test("a URL", () => expectToKeepSessions(server.url));

  test("the options of a client", () => expectToKeepSessions({ host: "127.0.0.1", port: server.port }));

  test("a client that is connected", async () => {
    using client = openBareRedis(server.url);
    await client.ping();
    await expectToKeepSessions(client);
  });

  test("a client that was never connected, and stays so", async () => {
    const client = new Redis(server.url, { lazyConnect: true });
    await expectToKeepSessions(client);
    expect(client.status).toBe("wait");
  });

  test("options with their own way to connect, which is used", async () => {
    let connections = 0;
    class Tunnel extends AbstractConnector {
      constructor() {
        super(1);
      }

      async connect() {
        connections += 1;
        return connect(server.port, "127.0.0.1");
      }
    }
    const options = { host: "nowhere.invalid", Connector: Tunnel };
    await expectToKeepSessions(options);
    await expectToKeepSessions(new Redis({ ...options, lazyConnect: true }));
    expect(connections).toBe(2);
  });

  test("a function that creates clients with the options it receives, which are used as they are", async () => {
    const made: Redis[] = [];
    await using handler = createRedisHandler((options) => {
      const client = new Redis(server.url, options);
      made.push(client);
      return client;
    });
    await handler.ping();
    expect(made).toMatchObject([{ status: "ready", options: safe }]);
    await handler.reconnect();
    expect(made).toMatchObject([{ status: "end" }, { status: "ready" }]);
  });

  test("a function that ignores the options, whose clients are replaced by safe duplicates", async () => {
    const made: Redis[] = [];
    const make = () => {
      const client = new Redis(server.url, { db: 5 });
      made.push(client);
      return client;
    };
    await expectToKeepSessions(make);
    await expect.poll(() => made.map(({ status }) => status)).toEqual(["end"]);
  });

  test("a function that uses the options for a client that connects at once", async () => {
    await expectToKeepSessions((options) => new Redis(server.url, { ...options, lazyConnect: false }));
  });

  test.each([
    { protocol: 2 } as const,
    { protocol: 3, replyMapping: "resp3" } as const,
    { stringNumbers: true },
    { enableAutoPipelining: true },
    { showFriendlyErrorStack: true },
  ])("a client with the options %o, which change nothing", async (options) => {
    const client: unknown = new Redis(server.url, { ...options, lazyConnect: true });
    await expectToKeepSessions(client as Redis); // the type knows the shapes of replies of one mapping only
  });
});

test("a client's own time limits do not shorten the handler's (law 38)", async () => {
  await using proxy = await startProxy(server);
  const limits = { commandTimeout: 60, socketTimeout: 60 };
  await using handler = createRedisHandler(new Redis(proxy.url, { ...limits, lazyConnect: true }));
  proxy.delayMs = 50;
  const { id } = await create(handler);
  expect(textOf(await handler.read(id))).toBe("first");
  expect(proxy.accepted).toBe(1);
});

describe("the caller's client", () => {
  test("is never used and stays open when the handler is closed (law 40)", async () => {
    using client = openBareRedis(server.url);
    await client.client("SETNAME", "callers-own");
    const handler = createRedisHandler(client);
    await create(handler);
    await handler.reconnect();
    await handler.read("absent");
    await handler.close();
    expect(client.status).toBe("ready");
    expect(await connections()).toEqual(["callers-own client|setname"]);
    expect(await client.ping()).toBe("PONG");
  });

  test("gives the handler its selected database", async () => {
    using client = openBareRedis(server.url);
    await client.select(3);
    await using handler = createRedisHandler(client);
    const { id } = await create(handler);
    expect(await client.get(id)).toBe("first");
    expect(await server.command("get", id)).toBeNull();
    await handler.reconnect();
    expect(textOf(await handler.read(id))).toBe("first");
  });

  test("gives the handler its key prefix, for every kind of command", async () => {
    const client = new Redis(server.url, { keyPrefix: "app:", lazyConnect: true });
    await expectToKeepSessions(client);
    await using handler = createRedisHandler(client, { prefix: "sess:" });
    const { id, version } = await create(handler);
    expect(await server.command("get", `app:sess:${id}`)).toBe("first");
    expect(await handler.destroy(id, { replaces: version })).toEqual({ destroyed: true });
    expect(await server.command("exists", `app:sess:${id}`)).toBe(0);
  });

  async function connections(): Promise<string[]> {
    const list = String(await server.command("client", "list"));
    const found = Array.from(list.matchAll(/ name=(\S*) .* cmd=(\S+)/g), ([, name, command]) => `${name} ${command}`);
    return found.filter((connection) => !connection.endsWith("client|list"));
  }
});

describe("a handler is not made from", () => {
  const role: "slave" = "slave";
  const replica = { role, sentinels: [{ port: 1 }], name: "sessions", lazyConnect: true };

  test.each<[string, unknown]>([
    ["the options of a replica", replica],
    ["a client of a replica", new Redis(replica)],
    ["a URL of another scheme", `http://user:${secret}@localhost`],
    ["a URL without a colon", `redis//user:${secret}@localhost`],
    ["a host with a password", `localhost:${secret}`],
    ["half a host", `redis://user:${secret}@[::1`],
    ["an empty text", ""],
    ["a port that there is not", "redis://localhost:99999"],
    ["an option that would end the process", "redis://localhost?connectTimeout=abc"],
    ["an address family that there is not", "redis://localhost?family=5"],
    ["an array", [{ host: "localhost" }]],
    ["a client of another kind", createClient()],
    ...[42, null, undefined, true].map((each): [string, unknown] => [String(each), each]),
  ])("%s", (_, source) => {
    expectRefusal(() => createRedisHandler(source as RedisSource), TypeError, RangeError); // what a program without types could pass
  });

  test("a function that creates clients of a replica, none of which is left open", async () => {
    const made: Redis[] = [];
    await using handler = createRedisHandler(() => {
      const client = new Redis({ ...replica, lazyConnect: false });
      made.push(client);
      return client;
    });
    const error = await failureOf(handler.write("id", bytes("data"), { replaces: undefined, ttlSeconds: 60 }));
    expect(error).toMatchObject({ code: "failed", outcome: "not-applied", cause: expect.any(TypeError) });
    await expect.poll(() => made.map(({ status }) => status)).toEqual(["end"]);
  });

  test("unknown and unusable options", () => {
    // @ts-expect-error: a misspelled option
    expect(() => createRedisHandler(server.url, { timeoutMS: 100 })).toThrow(TypeError);
    for (const timeoutMs of [0, -1, Number.NaN, 0.5, 2 ** 31]) {
      expect(() => createRedisHandler(server.url, { timeoutMs })).toThrow(RangeError);
    }
    for (const maxBytes of [0, -1, Number.NaN, 0.5]) {
      expect(() => createRedisHandler(server.url, { maxBytes })).toThrow(RangeError);
    }
    for (const prefix of ["sess", "a:b:", ":a", "a:b", ":", "\ud800:"]) {
      expect(() => createRedisHandler(server.url, { prefix })).toThrow(RangeError);
    }
  });
});

test("a URL whose server or database does not exist makes operations reject, and opens nothing before (law 33)", async () => {
  await using handler = createRedisHandler(`${server.url}/99`);
  expect(await failureOf(handler.read("id"))).toMatchObject({ code: "failed" });
  await using nobody = createRedisHandler("redis://127.0.0.1:1");
  expect(await failureOf(nobody.touch("id", 60))).toMatchObject({ code: "unavailable", outcome: "not-applied" });
});
