import { type NetworkedSessionHandler, withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type RedisMonitor, type RedisServer, startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, rejectionOf } from "./settling.ts";

expectNoEscapes();

const maxBytes = 1000;
const data = bytes("data");
const creating = { replaces: undefined, ttlSeconds: 60 };

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

test("the bare client sends an invalid id or time to live to the server (laws 11 and 28)", async () => {
  using bare = openBareRedis(server.url);
  await bare.set("a\ud800b", "of one user");
  expect(await bare.get("a\udbffb")).toBe("of one user");
  await bare.set("", "without an id");
  expect(await bare.get("")).toBe("without an id");
  await bare.expire("", 0);
  expect(await bare.exists("")).toBe(0);
});

describe.each([
  ["the handler", (handler: NetworkedSessionHandler) => handler],
  ["the checked handler", (handler: NetworkedSessionHandler) => withConnectionCheck(handler, { everySeconds: 0 })],
])("%s refuses before any I/O", (_, wrap) => {
  let handler: NetworkedSessionHandler;
  let monitor: RedisMonitor;
  let id: string;

  beforeEach(async () => {
    handler = wrap(createRedisHandler(server.url, { maxBytes }));
    id = (await create(handler)).id;
    monitor = await server.monitor();
  });

  afterEach(async () => {
    await monitor.caughtUp();
    monitor.stop();
    expect(monitor.commands).toEqual([]);
    expect(textOf(await handler.read(id))).toBe("first");
    expect(await server.command("ttl", id)).toBeGreaterThan(590);
    await handler.close();
  });

  test.each([
    ["empty", ""],
    ["10 MB long", "x".repeat(10_000_000)],
    ["1025 units long", "x".repeat(1025)],
    ["with a lone high surrogate", "a\ud800b"],
    ["with a lone low surrogate", "\udfff"],
    ["an array", ["id"]],
    ["an object with a text", { toString: () => "id" }],
    ["a number", 1],
    ["null", null],
    ["undefined", undefined],
  ])("an id that is %s (law 28)", async (_case, bad) => {
    const badId = bad as string; // what a program without types could pass
    expect(await failureOf(handler.read(badId))).toMatchObject({ code: "invalid-id" });
    expect(await failureOf(handler.read(badId, { ttlSeconds: 60 }))).toMatchObject({ code: "invalid-id" });
    for (const change of [
      handler.write(badId, data, creating),
      handler.touch(badId, 60),
      handler.destroy(badId),
      handler.destroy(badId, { replaces: undefined }),
    ]) {
      expect(await failureOf(change)).toMatchObject({ code: "invalid-id", outcome: "not-applied" });
    }
  });

  test.each([0, -1, Number.NaN, 0.5, 1.5, 2 ** 31, 1e18, Number.POSITIVE_INFINITY, "60", null])(
    "the time to live %j (law 11)",
    async (bad) => {
      const ttlSeconds = bad as number; // what a program without types could pass
      for (const call of [
        handler.read(id, { ttlSeconds }),
        handler.write(id, data, { replaces: undefined, ttlSeconds }),
        handler.touch(id, ttlSeconds),
      ]) {
        expect(await rejectionOf(call)).toBeInstanceOf(RangeError);
      }
    },
  );

  test.each([
    ["a text", "data"],
    ["an array of numbers", [1, 2]],
    ["an ArrayBuffer", new ArrayBuffer(4)],
    ["other numbers", new Uint16Array(4)],
    ["nothing", undefined],
  ])("data that is %s", async (_case, bad) => {
    // @ts-expect-error: what a program without types could pass
    expect(await rejectionOf(handler.write(id, bad, creating))).toBeInstanceOf(TypeError);
  });

  test.each([42, null, "", {}])("the version %j", async (bad) => {
    // @ts-expect-error: what a program without types could pass
    expect(await rejectionOf(handler.write(id, data, { replaces: bad, ttlSeconds: 60 }))).toBeInstanceOf(TypeError);
    // @ts-expect-error: what a program without types could pass
    expect(await rejectionOf(handler.destroy(id, { replaces: bad }))).toBeInstanceOf(TypeError);
  });

  test("an invalid signal", async () => {
    // @ts-expect-error: what a program without types could pass
    expect(await rejectionOf(handler.read(id, { signal: "now" }))).toBeInstanceOf(TypeError);
    // @ts-expect-error: what a program without types could pass
    expect(await rejectionOf(handler.touch(id, 60, { signal: {} }))).toBeInstanceOf(TypeError);
  });
});

test("oversized data is refused before any I/O, and the stored session stays (law 31)", async () => {
  await using handler = createRedisHandler(server.url, { maxBytes });
  const { id, version } = await create(handler, "x".repeat(maxBytes));
  const monitor = await server.monitor();
  for (const replaces of [version, undefined]) {
    const write = handler.write(id, new Uint8Array(maxBytes + 1), { replaces, ttlSeconds: 60 });
    expect(await failureOf(write)).toMatchObject({ code: "too-large", outcome: "not-applied" });
  }
  await monitor.caughtUp();
  monitor.stop();
  expect(monitor.commands).toEqual([]);
  expect(await handler.read(id)).toMatchObject({ data: bytes("x".repeat(maxBytes)), version });
});

test.each([
  ["the longest id", "x".repeat(1024)],
  ["an id of one unit", "x"],
  ["characters outside the first plane", "👩‍👩‍👧".repeat(100)],
  ["a path", "../../etc/passwd"],
  ["a line break and a command", "a\r\nDEL b\r\n"],
  ["a NUL", "a\0b"],
  ["a pattern", "*?[a-z]"],
  ["a hash tag of the cluster", "{a}:b"],
])("%s is an id like any other (laws 26 and 28)", async (_, text) => {
  await using handler = createRedisHandler(server.url, { prefix: `${freshId()}:` });
  expect(await handler.write(text, data, creating)).toMatchObject({ written: true });
  expect(textOf(await handler.read(text))).toBe("data");
  for (const neighbour of [text.toUpperCase(), [...text].slice(0, -1).join(""), [...text].with(-1, "y").join("")]) {
    if (neighbour !== text && neighbour !== "") expect(await handler.read(neighbour)).toBeUndefined();
  }
  expect(await handler.destroy(text)).toEqual({ destroyed: true });
});

test("times to live from 1 second to 2^31 - 1 are accepted (law 11)", async () => {
  await using handler = createRedisHandler(server.url);
  for (const ttlSeconds of [1, 2_592_000, 2_592_001, 2 ** 31 - 1]) {
    const { id } = await create(handler);
    expect(await handler.touch(id, ttlSeconds)).toBe(true);
    expect(await server.command("ttl", id)).toBe(ttlSeconds);
    const { version } = (await handler.read(id, { ttlSeconds })) ?? {};
    expect(await handler.write(id, data, { replaces: version, ttlSeconds })).toMatchObject({ written: true });
    expect(await server.command("ttl", id)).toBe(ttlSeconds);
  }
});
