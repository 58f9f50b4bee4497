// @module-tag real-time

import { Cluster, Redis as Valkey } from "iovalkey";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler, type RedisSource } from "sessionwire/redis";
import { defineCases, handlerCases } from "sessionwire/testing";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";
import { expectNoEscapes } from "./escapes.ts";
import { create, textOf } from "./session-data.ts";
import { isPendingAfter, timed } from "./settling.ts";

expectNoEscapes();

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const sources: [string, () => RedisSource][] = [
  ["a client", () => new Valkey(server.url, { lazyConnect: true })],
  ["a function that makes clients", () => () => new Valkey(server.url, { lazyConnect: true })],
  [
    "a function that makes safe clients",
    () =>
      ({ maxRetriesPerRequest = 0, enableOfflineQueue = false, lazyConnect = true }) =>
        new Valkey(server.url, { maxRetriesPerRequest, enableOfflineQueue, lazyConnect, retryStrategy: () => null }),
  ],
];

for (const [from, source] of sources) {
  const create = async () => {
    await server.command("FLUSHALL");
    return createRedisHandler(source());
  };
  defineCases(`from ${from} of iovalkey`, handlerCases({ create, advance: (ms) => passTime(server, ms) }), {
    describe,
    it: test,
  });
}

test("a silently dropped connection of iovalkey hangs the bare client, and is replaced by the check (laws 38 and 60)", async () => {
  await using proxy = await startProxy(server);
  const bare = new Valkey(proxy.url);
  bare.on("error", () => {});
  const limits = { everySeconds: 0.2, pingTimeoutMs: 200 };
  await using checked = withConnectionCheck(createRedisHandler(new Valkey(proxy.url, { lazyConnect: true })), limits);
  const { id } = await create(checked);
  await bare.get(id);
  proxy.silence();
  await new Promise((resolve) => setTimeout(resolve, 220)); // long enough for the connection to count as idle
  const bareHangs = isPendingAfter(1000, bare.get(id));
  const answered = await timed(checked.read(id));
  expect(textOf(answered.value)).toBe("first");
  expect(answered.ms).toBeLessThan(600);
  expect(await bareHangs).toBe(true);
  bare.disconnect();
  bare.stream.destroy();
});

test("a Cluster of iovalkey is a source by its type, and is refused where one of ioredis is", () => {
  const found = new Cluster([{ host: "127.0.0.1", port: 1 }], { lazyConnect: true, useSRVRecords: true });
  expect(() => createRedisHandler(found)).toThrow(TypeError);
});
