// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { expect, test, vi } from "vitest";
import { standStill } from "../faults/stand-still.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create } from "../redis/session-data.ts";
import { failureOf, rejectionOf, timed } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";

expectNoEscapes();

const twenty = Array.from({ length: 20 });

test("a process that stands still for 2.1 s takes answers that have arrived for late ones with bare memjs; the handler has them all, and replaces no connection (laws 38 and 52)", async () => {
  await using server = await startMemcached();
  using bare = openBareMemjs(server.address, { timeout: 2, retries: 0 });
  await bare.get("a");
  const bareGets = twenty.map(() => rejectionOf(bare.get("a")));
  await standStill(2100);
  for (const error of await Promise.all(bareGets)) expect(String(error)).toContain("timed out");

  const handler = createMemcachedHandler(server.address);
  const reconnect = vi.spyOn(handler, "reconnect");
  await using checked = withConnectionCheck(handler, { everySeconds: 0 });
  const { id } = await create(handler);
  for (const decorated of [handler, checked]) {
    const reads = twenty.map(() => decorated.read(id));
    await standStill(2100);
    for (const session of await Promise.all(reads)) expect(session).toBeDefined();
  }
  expect(reconnect).not.toHaveBeenCalled();
});

test("a store that is really dead is given up no later for it (law 38)", async () => {
  await using server = await startMemcached();
  await using handler = createMemcachedHandler(server.address, { timeoutMs: 500 });
  await handler.ping();
  server.freeze();
  const reads = twenty.map(() => failureOf(handler.read("a")));
  await standStill(600);
  const { value, ms } = await timed(Promise.all(reads));
  for (const error of value) expect(error).toMatchObject({ code: "timeout" });
  expect(ms).toBeLessThan(100);
});
