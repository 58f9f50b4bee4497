import { createSessionManager, type SessionEvent, type SessionManager } from "sessionwire";
import { createRedisHandler, createRedisKeyspaceChannel } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type PhpRequests, startPhpRequests } from "./php-requests.ts";
import { redisSessionHandler } from "./save-handlers.ts";

let redis: RedisServer;
let php: PhpRequests;
let sessions: SessionManager;
let events: SessionEvent[];

beforeAll(async () => {
  redis = await startRedis({ args: ["--notify-keyspace-events", "Egxe"] });
  php = await startPhpRequests(1, { redis: redis.port, memcached: 0 });
  sessions = createSessionManager({
    handler: createRedisHandler(redis.url),
    format: symfonyFormat({ preset: "symfony-redis", serializer: "php" }),
    channel: createRedisKeyspaceChannel(redis.url, { keysBeginWith: redisSessionHandler.keyPrefix }),
  });
  events = [];
  sessions.subscribe((event) => events.push(event));
  await vi.waitFor(() => expect(events.map(({ type }) => type)).toContain("gap")); // the subscription stands
});
afterAll(async () => {
  await sessions?.close();
  await php?.[Symbol.asyncDispose]();
  await redis?.stop();
});

test.each(["invalidate", "migrate"])("the key that PHP deletes by %s is announced as an end", async (step) => {
  const id = await php.send(redisSessionHandler, undefined, ["set:node:0"]);
  expect(await sessions.open(id)).toBeDefined();
  await php.send(redisSessionHandler, id, [step]);
  const end = { type: "ended", origin: "elsewhere", keyHash: sessions.hashOf(`sf_s${id}`) };
  await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining(end)));
});

test("a request of PHP that only reads or writes announces no end", async () => {
  const id = await php.send(redisSessionHandler, undefined, ["set:node:0"]);
  await php.send(redisSessionHandler, id, ["increment:node"]);
  await php.send(redisSessionHandler, id, ["get:node"]);
  const other = await php.send(redisSessionHandler, undefined, ["set:node:0"]);
  await php.send(redisSessionHandler, other, ["invalidate"]); // comes after all of the above
  const keyHash = sessions.hashOf(`sf_s${other}`);
  await vi.waitFor(() => expect(events).toContainEqual(expect.objectContaining({ type: "ended", keyHash })));
  expect(events).not.toContainEqual(expect.objectContaining({ keyHash: sessions.hashOf(`sf_s${id}`) }));
});
