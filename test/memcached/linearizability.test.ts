import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import fc from "fast-check";
import { type Version, withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { createHistory } from "sessionwire/testing";
import { expect, test } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { kinds, perform } from "../properties/interleavings.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();

const plans = fc.array(fc.array(kinds, { minLength: 2, maxLength: 6 }), { minLength: 3, maxLength: 4 });
const disturbances = fc.array(fc.constantFrom("reset", "close", "silence", "swallow", "reconnect", "delay"), {
  minLength: 1,
  maxLength: 4,
});

test("calls of several handlers on one session, over connections that are lost and replaced, have an order that explains them (law 30)", async () => {
  let unknown = 0;
  const rounds = fc.sample(fc.record({ plans, disturbances }), { numRuns: 60, seed: 20 });
  for (const round of rounds) {
    await using proxy = await startProxy(server);
    const options = { prefix: `${randomUUID()}:`, timeoutMs: 60 };
    const inner = round.plans.map(() => createMemcachedHandler(addressOf(proxy), options));
    const limits = { everySeconds: 0.01, pingTimeoutMs: 30, reconnectTimeoutMs: 60 };
    const history = createHistory();
    const handlers = inner.map((handler) => history.record(withConnectionCheck(handler, limits)));
    let writes = 0;
    let running = round.plans.length;
    const clients = round.plans.map(async (plan, index) => {
      let seen: Version | undefined;
      for (const kind of plan) {
        writes += 1;
        const handler = handlers[index];
        assert.ok(handler);
        seen = await perform(handler, kind, seen, `content ${writes}`);
      }
      running -= 1;
    });
    const left = [...round.disturbances];
    while (running > 0) {
      const next = left.shift();
      if (next === "reset") proxy.resetAll();
      if (next === "close") proxy.finAll();
      if (next === "silence") proxy.silence();
      if (next === "swallow") proxy.dropReplies(true);
      if (next === "reconnect") await Promise.allSettled(inner.map((handler) => handler.reconnect()));
      if (next === "delay") proxy.delayMs = 3;
      await new Promise((resolve) => setTimeout(resolve, 2));
      proxy.dropReplies(false);
      proxy.delayMs = 0;
    }
    await Promise.all(clients);
    await using undisturbed = createMemcachedHandler(server.address, options);
    await history.record(undisturbed).read("s");
    for (const handler of handlers) await handler.close();
    unknown += (history.entries.get("s") ?? []).filter(({ answer }) => answer === "unknown").length;
    assert.ok(history.check() === "linearizable", `Not linearizable:\n${history.describe()}`);
  }
  console.info(`${rounds.length} rounds, ${unknown} calls without an answer`);
  expect(unknown).toBeGreaterThan(0);
  await direct.ping();
});

test("the counter of many handlers that are reconnected all the time loses no increment", async () => {
  const handlers = Array.from({ length: 4 }, () => createMemcachedHandler(server.address));
  const id = randomUUID();
  const encode = (count: number) => Buffer.from(String(count));
  await direct.write(id, encode(0), { replaces: undefined, ttlSeconds: 60 });
  let acknowledged = 0;
  let doubtful = 0;
  let running = handlers.length;
  const increments = handlers.map(async (handler) => {
    for (let round = 0; round < 50; round += 1) {
      try {
        const current = await handler.read(id);
        const next = encode(Number(Buffer.from(current?.data ?? []).toString()) + 1);
        const result = await handler.write(id, next, { replaces: current?.version, ttlSeconds: 60 });
        if (result.written) acknowledged += 1;
      } catch (error) {
        if ((error as { outcome?: string }).outcome === "unknown") doubtful += 1;
      }
    }
    running -= 1;
  });
  while (running > 0) {
    await Promise.allSettled(handlers.map((handler) => handler.reconnect()));
    await new Promise((resolve) => setTimeout(resolve, 3));
  }
  await Promise.all(increments);
  const count = Number(Buffer.from((await direct.read(id))?.data ?? []).toString());
  console.info(`counted ${count}: ${acknowledged} acknowledged, ${doubtful} in doubt`);
  expect(acknowledged).toBeGreaterThan(0);
  expect(count).toBeGreaterThanOrEqual(acknowledged);
  expect(count).toBeLessThanOrEqual(acknowledged + doubtful);
  for (const handler of handlers) await handler.close();
});
