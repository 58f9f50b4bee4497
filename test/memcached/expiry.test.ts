// @module-tag real-time

import { systemClock } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { afterAll, describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId } from "../redis/session-data.ts";
import { type MemcachedServer, startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";

expectNoEscapes();

const latenessMs = 3000;
/** What a step of the test itself may take, which is time that passes, too. */
const slackMs = 500;

const server = await startMemcached();
const clock = { ...systemClock, now: () => Date.now() + server.aheadMs };
const handler = createMemcachedHandler(server.address, { clock });
afterAll(async () => {
  await handler.close();
  await server.stop();
});

/** Up to 30 days a time to live is counted from now on, above that it goes as a date, and above 68 years it is refused. */
const ttls = [1, 2, 3, 60, 2_591_997, 2_591_998, 2_591_999, 2_592_000, 2_592_001, 40_000_000];

test("bare memjs loses a session with a time to live above 30 days at once, and keeps one of half a second for ever", async () => {
  using bare = openBareMemjs(server.address);
  await bare.set("month", "x", { expires: 2_592_001 });
  expect((await bare.get("month")).value).toBeNull();
  await bare.set("moment", "x", { expires: 0.5 });
  await server.advance(1_000_000_000);
  expect((await bare.get("moment")).value).not.toBeNull();
});

test.each(ttls)("a session with a time to live of %i s ends after that, and at most 3 s late", async (ttlSeconds) => {
  const id = freshId();
  const touched = await create(handler);
  const read = await create(handler);
  await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds });
  await handler.touch(touched.id, ttlSeconds);
  await handler.read(read.id, { ttlSeconds });
  const all = [id, touched.id, read.id];
  await server.advance(ttlSeconds * 1000 - slackMs);
  for (const each of all) expect(await handler.read(each)).toBeDefined();
  await server.advance(slackMs + latenessMs);
  for (const each of all) expect(await handler.read(each)).toBeUndefined();
});

test("around 30 days, a session ends neither early nor more than 3 s late, in whichever part of a second it is written, and the server was started", async () => {
  const latenesses = (await Promise.all([0, 0.2, 0.4, 0.6, 0.8].map(latenessesFrom))).flat();
  expect(Math.min(...latenesses)).toBeGreaterThan(0);
  expect(Math.max(...latenesses)).toBeLessThan(latenessMs + slackMs / 2);
});

/** How late sessions end that are written at ten moments of a second, on a server that was started in that part of one. */
async function latenessesFrom(part: number): Promise<number[]> {
  await pause(part * 1000);
  await using server = await startMemcached();
  const now = () => Date.now() + server.aheadMs;
  await using handler = createMemcachedHandler(server.address, { clock: { ...systemClock, now } });
  await server.advance(1000 + part * 1000); // so that its seconds begin elsewhere than when it was started
  const ends: [id: string, endMs: number][] = [];
  for (let moment = 0; moment < 10; moment += 1) {
    for (const ttlSeconds of [2_591_998, 2_591_999, 2_592_000, 2_592_001]) {
      const id = freshId();
      ends.push([id, now() + ttlSeconds * 1000]);
      await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds });
    }
    await pause(100);
  }
  await server.advance((2_591_998 - 2) * 1000);
  return await Promise.all(
    ends.map(async ([id, endMs]) => {
      for (;;) {
        const asked = now();
        if ((await handler.read(id)) === undefined) return asked - endMs;
        await pause(10);
      }
    }),
  );
}

describe("a date has at least one and less than two seconds to spare for the server's clock:", () => {
  const second = Math.floor(Date.now() / 1000);
  test.each([0, 0.001, 0.5, 0.999])("%f s after a whole second", async (part) => {
    await using server = await startMemcached();
    const fixed = { ...systemClock, now: () => (second + part) * 1000 };
    await using handler = createMemcachedHandler(server.address, { clock: fixed });
    for (const ttlSeconds of [2_591_999, 2_592_000, 2_592_001, 2 ** 31 - 1]) {
      const id = freshId();
      await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds });
      const spare = (await dateOf(server, id)) - ttlSeconds - second - part;
      expect(spare).toBeGreaterThan(1);
      expect(spare).toBeLessThanOrEqual(2);
    }
  });
});

test("a session whose end exceeds the largest date lives as long as dates exist", async () => {
  await using server = await startMemcached();
  const clock = { ...systemClock, now: () => Date.now() + server.aheadMs };
  await using handler = createMemcachedHandler(server.address, { clock });
  await server.advance(Date.UTC(2040) - Date.now());
  const [longest, id, touched, read] = [2 ** 31 - 1, freshId(), await create(handler), await create(handler)];
  await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: longest });
  expect(await handler.touch(touched.id, longest)).toBe(true);
  await handler.read(read.id, { ttlSeconds: longest });
  await server.advance(Date.UTC(2105) - Date.UTC(2040));
  for (const each of [id, touched.id, read.id]) expect(await handler.read(each)).toBeDefined();
});

/** When a session ends, in seconds since 1970. */
async function dateOf(server: MemcachedServer, id: string): Promise<number> {
  const lines = await server.command("lru_crawler metadump all");
  const line = lines.find((each) => each.startsWith(`key=${encodeURIComponent(id)} `));
  return Number(/ exp=(\d+) /.exec(line ?? "")?.[1]);
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

test("real time passes for a session as time that is moved does", async () => {
  const id = freshId();
  const start = performance.now();
  await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 1 });
  while (await handler.read(id)) await new Promise((resolve) => setTimeout(resolve, 20));
  const livedMs = performance.now() - start;
  expect(livedMs).toBeGreaterThan(1000);
  expect(livedMs).toBeLessThan(1000 + latenessMs + slackMs);
});
