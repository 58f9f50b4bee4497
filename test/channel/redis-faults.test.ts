// @module-tag real-time

import { createRedisChannel } from "sessionwire/redis";
import { expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { openBareRedis } from "../redis/bare-redis.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { startRedis } from "../servers/redis-server.ts";
import { expectNothingMissed, hear, report, tell, untilHeard } from "./hearing.ts";
import { FOUND_OUT_MS, soon } from "./redis.ts";

expectNoEscapes();

test("a subscriber on a silently dropped connection is deaf for good with bare ioredis, and soon hears again with a channel (law 115)", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  using bare = openBareRedis(proxy.url);
  await bare.subscribe("sessionwire");
  const heardBare: string[] = [];
  bare.on("message", (_name, text) => heardBare.push(text));
  await using teller = createRedisChannel(server.url, soon);
  await using channel = createRedisChannel(proxy.url, soon);
  const heard = hear(channel);
  await untilHeard(teller, heard);
  await vi.waitUntil(() => heardBare.length > 0);

  const trouble = await expectNothingMissed(teller, heard, async () => proxy.silence());
  expect(trouble.untilGapMs).toBeLessThan(FOUND_OUT_MS);
  const last = tell(teller);
  await vi.waitUntil(() => heard.includes(last));
  expect(heardBare.some((text) => text.includes(last))).toBe(false);
  expect(bare.status).toBe("ready"); // it does not know
  report("the subscriber is silent", trouble);
});

test("a server that stands still for a while causes a gap and nothing else (law 115)", async () => {
  await using server = await startRedis();
  await using teller = createRedisChannel(server.url, soon);
  await using channel = createRedisChannel(server.url, soon);
  const heard = hear(channel);
  const trouble = await expectNothingMissed(teller, heard, async () => {
    using _ = server.freeze();
    await vi.waitUntil(() => heard.includes("error timeout"), { timeout: FOUND_OUT_MS });
  });
  report("the server stands still", trouble);
});

test.each([
  ["is cut", (proxy: Awaited<ReturnType<typeof startProxy>>) => proxy.resetAll()],
  ["is ended", (proxy: Awaited<ReturnType<typeof startProxy>>) => proxy.finAll()],
])("a subscription whose connection %s is there again at once (law 115)", async (what, trouble) => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  await using teller = createRedisChannel(server.url, soon);
  await using channel = createRedisChannel(proxy.url, { ...soon, everySeconds: 1000 });
  const heard = hear(channel);
  const found = await expectNothingMissed(teller, heard, async () => trouble(proxy));
  expect(found.untilGapMs).toBeLessThan(FOUND_OUT_MS);
  report(`the connection ${what}`, found);
});

test("an unreachable server is reported as an error once, and its return as a gap (law 115)", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  await using teller = createRedisChannel(proxy.url, soon);
  await using channel = createRedisChannel(proxy.url, soon);
  const heard = hear(channel);
  await untilHeard(teller, heard);
  const { accepted } = proxy;
  proxy.newConnections = "refuse";
  proxy.resetAll();
  const told = tell(teller);
  await vi.waitUntil(() => proxy.accepted > accepted + 8, { timeout: FOUND_OUT_MS });
  const after = heard.findIndex((each) => each.startsWith("error"));
  expect(heard.filter((each) => each.startsWith("error"))).toHaveLength(1);
  proxy.newConnections = "pass";
  await vi.waitUntil(() => heard.includes(told) || heard.indexOf("gap", after) >= 0, { timeout: FOUND_OUT_MS });
  await untilHeard(teller, heard);
});

test("a channel without subscribers and messages opens no connection, and one that only publishes opens one", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  await using channel = createRedisChannel(proxy.url, soon);
  await using other = createRedisChannel(server.url, soon);
  const heard = hear(other);
  await untilHeard(other, heard);
  expect(proxy.accepted).toBe(0);
  await untilHeard(channel, heard);
  expect(proxy.accepted).toBe(1);
});
