// @module-tag real-time

import { systemClock } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { afterAll, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, freshId } from "../redis/session-data.ts";
import { startMemcached } from "../servers/memcached-server.ts";
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

test("bare memjs loses at once what is to live for longer than 30 days, and keeps for ever what is to live for half a second", async () => {
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

test("a session with the longest time to live is there after a year", async () => {
  const longest = 2 ** 31 - 1;
  const { id, version } = await create(handler);
  await handler.write(id, bytes("x"), { replaces: version, ttlSeconds: longest });
  const touched = await create(handler);
  expect(await handler.touch(touched.id, longest)).toBe(true);
  await server.advance(31_536_000_000);
  expect(await handler.read(id)).toBeDefined();
  expect(await handler.read(touched.id)).toBeDefined();
});

test("real time passes for a session as time that is moved does", async () => {
  const id = freshId();
  const start = performance.now();
  await handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 1 });
  while (await handler.read(id)) await new Promise((resolve) => setTimeout(resolve, 20));
  const livedMs = performance.now() - start;
  expect(livedMs).toBeGreaterThan(1000);
  expect(livedMs).toBeLessThan(1000 + latenessMs + slackMs);
});
