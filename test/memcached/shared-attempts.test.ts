// @module-tag real-time

import { type Clock, systemClock } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { failureOf, settlesInThisTurn } from "../redis/settling.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();
const { id } = await create(direct);

test("whoever gives up a reconnection takes nobody with it who waits for the connection, too (law 67)", async () => {
  await using proxy = await startProxy(server);
  await using handler = createMemcachedHandler(addressOf(proxy));
  proxy.delayMs = 100;
  const abortion = new AbortController();
  const reconnected = failureOf(handler.reconnect({ signal: abortion.signal }));
  const read = handler.read(id);
  await vi.waitUntil(() => proxy.open === 1, { interval: 1 });
  abortion.abort();
  expect(await reconnected).toMatchObject({ code: "aborted" });
  expect(textOf(await read)).toBe("first");
  expect(proxy.accepted).toBe(1);
});

test("but one for which nobody waits any more is given up", async () => {
  await using proxy = await startProxy(server);
  await using handler = createMemcachedHandler(addressOf(proxy));
  proxy.newConnections = "silent";
  const abortions = [new AbortController(), new AbortController(), new AbortController()] as const;
  const [first, second, third] = abortions.map(({ signal }) => signal);
  const calls = [handler.reconnect({ signal: first }), handler.read(id, { signal: second })].map(failureOf);
  const another = failureOf(handler.reconnect({ signal: third }));
  await vi.waitUntil(() => proxy.open === 1);
  for (const abortion of [abortions[1], abortions[0]]) abortion.abort();
  await Promise.all(calls);
  expect(await settlesInThisTurn(another)).toBe(false);
  expect(proxy.open).toBe(1);
  abortions[2].abort();
  await another;
  await vi.waitUntil(() => proxy.open === 0);
});

test("whoever waits for a connection that may never be there gets the one that another call begins (law 67)", async () => {
  await using proxy = await startProxy(server);
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs: 10_000 });
  proxy.newConnections = "silent";
  const reads = [1, 2, 3].map(() => handler.read(id));
  await vi.waitUntil(() => proxy.accepted === 1);
  proxy.newConnections = "pass";
  await handler.reconnect();
  expect((await Promise.all(reads)).map(textOf)).toEqual(["first", "first", "first"]);
  expect(proxy.accepted).toBe(2);
});

test("whoever comes late to an attempt that runs out of time has time left, and begins anew (law 38)", async () => {
  await using proxy = await startProxy(server);
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs: 600 });
  proxy.newConnections = "silent";
  const early = failureOf(handler.read(id));
  await pause(300);
  proxy.newConnections = "pass";
  const late = await Promise.all([handler.read(id), handler.read(id)]);
  expect(late.map(textOf)).toEqual(["first", "first"]);
  expect(await early).toMatchObject({ code: "timeout" });
  expect(proxy.accepted).toBe(2);
});

test("an attempt whose beginner is frozen, with its timers, holds up nobody who comes later (law 38)", async () => {
  await using proxy = await startProxy(server);
  let isFrozen = true;
  const clock: Clock = {
    ...systemClock,
    schedule: (run, delayMs) => (isFrozen ? () => {} : systemClock.schedule(run, delayMs)),
  };
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs: 300, clock });
  proxy.newConnections = "silent";
  const frozen = failureOf(handler.read(id));
  await pause(350);
  isFrozen = false;
  proxy.newConnections = "pass";
  expect(textOf(await handler.read(id))).toBe("first");
  await handler.close();
  await frozen;
});

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
