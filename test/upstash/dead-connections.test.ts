// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { failureOf, isPendingAfter, timed } from "../redis/settling.ts";
import { openBareUpstash, openScene } from "./scene.ts";
import { inTurns } from "./turns.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();

/** As many connections as there are requests at once. */
const CONNECTIONS = 8;
const limits = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 3000 };

test("silently dropped connections hang the bare client; one check removes all of them (laws 60 and 78)", async () => {
  await using proxy = await startProxy(server);
  const handler = createUpstashHandler(throughProxy(proxy));
  await using checked = withConnectionCheck(handler, limits);
  const { id } = await create(direct);
  await openConnections(proxy, () => handler.ping());
  const [ping, reconnect] = [vi.spyOn(handler, "ping"), vi.spyOn(handler, "reconnect")];
  proxy.silence();
  expect(await isPendingAfter(500, openBareUpstash(throughProxy(proxy)).get(id))).toBe(true);

  const { value, ms } = await timed(Promise.all(Array.from({ length: 50 }, () => checked.read(id))));
  expect(value.map(textOf)).toEqual(value.map(() => "first"));
  expect(ms).toBeLessThan(limits.pingTimeoutMs + limits.reconnectTimeoutMs);
  expect(ping).toHaveBeenCalledTimes(1);
  expect(reconnect).toHaveBeenCalledTimes(1);
  console.info(`50 reads on ${CONNECTIONS} connections that died silently, through the check: ${ms} ms`);
});

test("without a check, each dead connection costs one call its deadline, and no call is sent twice (law 38)", async () => {
  await using proxy = await startProxy(server);
  await using handler = createUpstashHandler(throughProxy(proxy), { timeoutMs: 300 });
  const { id } = await create(direct);
  await openConnections(proxy, () => handler.ping());
  const { open } = proxy;
  proxy.silence();
  const before = server.requests.length;
  let [failed, succeeded] = [0, 0];
  for (let round = 0; succeeded < CONNECTIONS && round < 10; round += 1) {
    for (const [result] of await inTurns(CONNECTIONS, () => Promise.allSettled([handler.touch(id, 60)]))) {
      if (result.status === "fulfilled") succeeded += 1;
      else expect(result.reason).toMatchObject({ code: "timeout", outcome: "unknown" });
      if (result.status === "rejected") failed += 1;
    }
  }
  expect(failed).toBeGreaterThan(0);
  expect(failed).toBeLessThanOrEqual(open);
  expect(succeeded).toBeGreaterThanOrEqual(CONNECTIONS);
  expect(server.requests.length - before).toBe(succeeded);
});

test("connections that were reset or ended while idle are replaced", async () => {
  await using proxy = await startProxy(server);
  const handler = createUpstashHandler(throughProxy(proxy));
  await using checked = withConnectionCheck(handler, limits);
  const { id } = await create(direct);
  for (const end of [() => proxy.resetAll(), () => proxy.finAll()]) {
    await openConnections(proxy, () => handler.ping());
    end();
    await vi.waitUntil(() => proxy.open === 0);
    expect(textOf(await checked.read(id))).toBe("first");
  }
});

test("a reconnection sends one ping for each connection that may be open, and no flood if nobody answers", async () => {
  const before = server.requests.length;
  await using patient = createUpstashHandler({ url: server.url, token: server.token });
  await patient.reconnect();
  expect(server.requests.length - before).toBe(1);
  await Promise.all([1, 2, 3].map(() => patient.ping()));
  await patient.reconnect();
  expect(server.requests.length - before).toBe(1 + 3 + 3);
  await patient.reconnect();
  expect(server.requests.length - before).toBe(1 + 3 + 3 + 1);
  await Promise.all([1, 2, 3].map(() => patient.ping()));
  server.next("silence", 20);
  expect(await failureOf(patient.reconnect())).toMatchObject({ code: "timeout" });
  expect(server.requests.length - before).toBeLessThan(8 + 3 + 15);
});

function throughProxy(proxy: FaultProxy) {
  return { url: `http://127.0.0.1:${proxy.port}`, token: server.token };
}

/** `fetch` opens a connection for each request that finds all others busy. */
async function openConnections(proxy: FaultProxy, request: () => Promise<unknown>): Promise<void> {
  proxy.delayMs = 30;
  await Promise.all(Array.from({ length: CONNECTIONS }, request));
  proxy.delayMs = 0;
  await request(); // only after that does `fetch` know that the others are free
  expect(proxy.open).toBeGreaterThanOrEqual(CONNECTIONS);
}
