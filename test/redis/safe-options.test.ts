import { readdirSync, readFileSync } from "node:fs";
import { connect } from "node:net";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { AbstractConnector, Cluster, Redis, type RedisOptions } from "ioredis";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import { type RedisSentinels, startRedisSentinels } from "../servers/redis-sentinel.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { create, textOf } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

let server: RedisServer;
let cluster: RedisCluster;
let group: RedisSentinels;
beforeAll(async () => {
  [server, cluster, group] = await Promise.all([startRedis(), startRedisCluster(), startRedisSentinels()]);
});
afterAll(() => Promise.all([server.stop(), cluster.stop(), group.stop()]));

/** Options of ioredis by which a client sends again, sends later, moves to another connection or is of no use here. */
const unsafe = {
  maxRetriesPerRequest: null,
  autoResendUnfulfilledCommands: true,
  autoResubscribe: true,
  enableOfflineQueue: true,
  enableAutoPipelining: true,
  enableReadyCheck: true,
  maxLoadingRetryTime: 10_000,
  retryStrategy: () => 10,
  sentinelRetryStrategy: () => 10,
  sentinelReconnectStrategy: () => 10,
  failoverDetector: true,
  reconnectOnError: () => 2 as const,
  maintNotifications: "enabled",
  himportFieldsets: [{ name: "sessions", fields: ["a"] }],
  connectTimeout: 1,
  commandTimeout: 1,
  socketTimeout: 1,
  readOnly: true,
  monitor: true,
  replyMapping: "resp3",
  stringNumbers: true,
};

/** Options of versions to come, as they may be called. */
const ofTheFuture = { retryBudget: 5, handoffTimeoutMs: 1000, resendOnMoved: true, maintRelaxedRetries: 3 };

/** With which options connections were opened, in the order in which they were. */
const opened: object[] = [];
beforeEach(() => {
  opened.length = 0;
});

/** Opens connections as a caller may do it himself, and notes with which options. */
class Peek extends AbstractConnector {
  readonly #options: RedisOptions;

  constructor(options: unknown) {
    super(0);
    this.#options = options as RedisOptions; // what ioredis makes its connectors with
  }

  async connect() {
    opened.push({ ...this.#options });
    return connect(this.#options.port ?? 0, this.#options.host);
  }
}

/** The sentinels, each with options of its own. */
function sentinels() {
  return group.addresses.map((address) => ({ ...everything, ...address }));
}

/** The options that a function is called with. */
async function safeOptions(): Promise<Record<string, unknown>> {
  let given: object = {};
  await using handler = createRedisHandler((options) => {
    given = options;
    return new Redis(server.url, options);
  });
  await handler.ping();
  return { ...given };
}

/** As one who does not heed the types may give them, or a later version may allow. */
const everything: Pick<RedisOptions, "Connector"> = { ...unsafe, ...ofTheFuture, Connector: Peek };

describe("every connection has the safe options, whatever was set on", () => {
  test.each<[string, () => RedisSource, number]>([
    ["a client", () => new Redis(server.url, { ...everything, lazyConnect: true }), 1],
    ["the options of a client", () => ({ ...everything, host: "127.0.0.1", port: server.port }), 1],
    [
      "a function that does not heed the options",
      () => () => new Redis(server.url, { ...everything, lazyConnect: true }),
      1,
    ],
    [
      "a function that puts others over the options",
      () => (options) => new Redis(server.url, { ...options, ...everything }),
      1,
    ],
    ["a Cluster", () => new Cluster(cluster.startupNodes, { lazyConnect: true, redisOptions: everything }), 2],
    [
      "the nodes of a Cluster",
      () =>
        new Cluster(
          cluster.startupNodes.map((node) => ({ ...everything, ...node })),
          { lazyConnect: true },
        ),
      2,
    ],
    [
      "the options of a client behind sentinels",
      () => ({ ...everything, sentinels: sentinels(), name: group.name }),
      2,
    ],
    [
      "a client behind sentinels",
      () => new Redis({ ...everything, sentinels: sentinels(), name: group.name, lazyConnect: true }),
      2,
    ],
  ])("%s", async (_, source, connections) => {
    const { Connector: _own, ...safe } = await safeOptions();
    await using handler = createRedisHandler(source());
    const { id } = await create(handler);
    expect(textOf(await handler.read(id))).toBe("first");
    expect(opened.length).toBeGreaterThanOrEqual(connections);
    for (const options of opened) expect(options).toMatchObject(safe);
    for (const name of Object.keys(ofTheFuture)) {
      for (const options of opened) expect(Reflect.get(options, name)).toBeUndefined();
    }
  });

  test("each unsafe one of which is overridden by name", async () => {
    const safe = await safeOptions();
    for (const [name, value] of Object.entries(unsafe)) {
      expect(safe, name).toHaveProperty(name);
      expect(safe[name], name).not.toEqual(value);
    }
    expect(safe).toMatchObject({ maintNotifications: "disabled" }); // which is on, in the versions that have it, if nobody says so
  });
});

test("a function that overrides an option receives a duplicate without the override", async () => {
  for (const [name, value] of Object.entries(unsafe)) {
    const made: Redis[] = [];
    class Watched extends Redis {
      override duplicate(options?: Partial<RedisOptions>): Redis {
        const copy = super.duplicate(options);
        made.push(copy);
        return copy;
      }
    }
    await using handler = createRedisHandler((options) => new Watched(server.url, { ...options, [name]: value }));
    await handler.ping();
    expect(made, name).toMatchObject([{ status: "ready" }]);
    expect(Reflect.get(made[0]?.options ?? {}, name), name).not.toEqual(value);
  }
});

test("a client whose duplicates ignore options is refused, and none is left open", async () => {
  const made: Redis[] = [];
  class Stubborn extends Redis {
    override duplicate(): Redis {
      const copy = new Redis({ ...this.options, replyMapping: "legacy" });
      made.push(copy);
      return copy;
    }
  }
  await using handler = createRedisHandler(new Stubborn(server.url, { lazyConnect: true }));
  const error = await failureOf(handler.touch("id", 60));
  expect(error).toMatchObject({ code: "failed", outcome: "not-applied", cause: expect.any(TypeError) });
  await expect.poll(() => made.map(({ status }) => status)).toEqual(["end"]);
});

test("ioredis has no other option that may send again or change the connection", async () => {
  const safe = await safeOptions();
  const suspicious =
    /retr(y|ies)|resend|replay|redirect|reconnect|hand-?off|maint|offline|queue|pipelin|resub|failover/i;
  const found = optionsOfIoredis().filter((name) => suspicious.test(name));
  expect(found.length).toBeGreaterThan(10);
  expect(found.filter((name) => !(name in safe) && !(name in harmless))).toEqual([]);
});

/** Why an option with such a name does no harm. */
const harmless: Readonly<Record<string, string>> = {
  autoPipeliningIgnoredCommands: "says what auto-pipelining leaves out, and that is off",
  offlineQueue: "says which queue is to be emptied, and is no option of a client",
  commandQueue: "likewise",
  pipeline: "is one of a transaction",
  maintEndpointType: "says how a client moves that is told to, which is off",
  clusterRetryStrategy: "is one of a Cluster, whose client is not used",
  clusterNodeRetryStrategy: "likewise",
  maxRedirections: "likewise",
  retryDelayOnMoved: "likewise",
  retryDelayOnFailover: "likewise",
  retryDelayOnClusterDown: "likewise",
  retryDelayOnTryAgain: "likewise",
};

/** The options that ioredis declares, has defaults for or looks at, in its own sources. */
function optionsOfIoredis(): string[] {
  const folder = dirname(fileURLToPath(import.meta.resolve("ioredis")));
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" }).flatMap((file) => {
    if (!/\.(js|d\.ts)$/.test(file)) return [];
    const source = readFileSync(join(folder, file), "utf8");
    const read = source.matchAll(/\boptions\??\.(\w+)/g);
    const declared = /Options\.d\.ts$|[cC]onnector\b.*\.d\.ts$/.test(file) ? source.matchAll(/^ {4}(\w+)\??:/gm) : [];
    const defaults = /Options\.js$/.test(file) ? source.matchAll(/^ {4}(\w+):/gm) : [];
    return [...read, ...declared, ...defaults].map(([, name = ""]) => name);
  });
  return [...new Set(names)].sort();
}
