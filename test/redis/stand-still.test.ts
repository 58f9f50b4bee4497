// @module-tag real-time

import { Redis } from "ioredis";
import { withConnectionCheck, withTimeout } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test, vi } from "vitest";
import { standStill } from "../faults/stand-still.ts";
import { startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { create } from "./session-data.ts";
import { failureOf, rejectionOf, timed } from "./settling.ts";

expectNoEscapes();

const { server, handler } = await openScene();
const { id } = await create(handler);
const twenty = Array.from({ length: 20 });

test("a process that stands still for 2.1 s takes answers that have arrived for late ones with bare ioredis; the handler has them all (law 38)", async () => {
  const bare = new Redis(server.url, { commandTimeout: 2000 });
  await bare.get(id);
  const bareGets = twenty.map(() => rejectionOf(bare.get(id)));
  await standStill(2100);
  for (const error of await Promise.all(bareGets)) expect(String(error)).toContain("timed out");
  bare.disconnect();

  for (const decorated of [handler, withTimeout(handler), withTimeout(withConnectionCheck(handler))]) {
    const reads = twenty.map(() => decorated.read(id));
    await standStill(2100);
    for (const session of await Promise.all(reads)) expect(session).toBeDefined();
  }
});

test("of 15 healthy connections whose ping was under way while the process stood still, none is replaced (law 52)", async () => {
  const handlers = Array.from({ length: 15 }, () => createRedisHandler(server.url));
  const reconnections = handlers.map((each) => vi.spyOn(each, "reconnect"));
  const checked = handlers.map((each) => withConnectionCheck(each, { everySeconds: 0 }));
  await Promise.all(handlers.map((each) => each.read(id)));
  const reads = checked.map((each) => each.read(id));
  await standStill(1100); // a ping may take one second
  for (const session of await Promise.all(reads)) expect(session).toBeDefined();
  expect(reconnections.map(({ mock }) => mock.calls.length)).toEqual(handlers.map(() => 0));
  await Promise.all(checked.map((each) => each.close()));
});

test("a store that is really dead is given up no later for it (laws 38 and 59)", async () => {
  await using dead = await startRedis();
  await using opened = createRedisHandler(dead.url, { timeoutMs: 500 });
  await using checked = withConnectionCheck(createRedisHandler(dead.url, { timeoutMs: 500 }), {
    everySeconds: 0,
    pingTimeoutMs: 500,
    reconnectTimeoutMs: 500,
  });
  await Promise.all([opened.ping(), checked.ping()]);
  using _ = dead.freeze();
  const reads = twenty.map(() => failureOf(opened.read("a")));
  const check = timed(failureOf(checked.read("a")));
  await standStill(600);
  const { value, ms } = await timed(Promise.all(reads));
  for (const error of value) expect(error).toMatchObject({ code: "timeout" });
  expect(ms).toBeLessThan(100);
  const failed = await check;
  expect(failed.value).toMatchObject({ code: "unavailable" });
  expect(failed.ms).toBeLessThan(600 + 500 + 200); // the ping is late, and the reconnection takes its time
});
