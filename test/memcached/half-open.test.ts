// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf, rejectionOf, timed } from "../redis/settling.ts";
import { startMemcached } from "../servers/memcached-server.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
const checkMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs;
/** The deadline of the handlers that nobody checks. */
const timeoutMs = 300;
/** What a busy machine may add. */
const slackMs = 250;

const { server, handler: direct } = await openScene();

/** Long enough for a connection to count as idle. */
function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, limits.everySeconds * 1000 + 20));
}

describe("a connection that died without a word while it was idle", () => {
  test("costs bare memjs half a second and the handler its deadline, and is replaced by the check (laws 38 and 60)", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareMemjs(addressOf(proxy), { retries: 1 });
    await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
    await using checked = withConnectionCheck(createMemcachedHandler(addressOf(proxy)), limits);
    const { id } = await create(direct);
    await Promise.all([bare.get(id), handler.read(id), checked.read(id)]);
    proxy.silence();
    await idle();

    const bareGet = timed(rejectionOf(bare.get(id)));
    const refused = await timed(failureOf(handler.read(id)));
    expect(refused.value).toMatchObject({ code: "timeout" });
    expect(refused.ms).toBeLessThan(timeoutMs + slackMs);
    const answered = await timed(checked.read(id));
    expect(textOf(answered.value)).toBe("first");
    expect(answered.ms).toBeLessThan(checkMs);
    console.info(`died silently: bare ${(await bareGet).ms} ms / handler ${refused.ms} ms / checked ${answered.ms} ms`);

    expect(await failureOf(handler.read(id))).toMatchObject({ code: "timeout" });
    await handler.reconnect();
    expect(textOf(await handler.read(id))).toBe("first");
    await vi.waitUntil(() => proxy.open <= 3); // the dead ones have been let go of, but for that of memjs
  });

  test.each([
    ["refused", "refuse"],
    ["as silent", "silent"],
  ] as const)(
    "while new ones are %s: says so in time, and recovers with the network (laws 53 and 58)",
    async (_, how) => {
      await using proxy = await startProxy(server);
      await using checked = withConnectionCheck(createMemcachedHandler(addressOf(proxy)), limits);
      const { id } = await create(direct);
      const replaces = (await checked.read(id))?.version;
      proxy.silence();
      proxy.newConnections = how;
      await idle();
      const failed = await timed(failureOf(checked.write(id, bytes("second"), { replaces, ttlSeconds: 60 })));
      expect(failed.value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
      expect(failed.ms).toBeLessThan(checkMs + slackMs);
      proxy.newConnections = "pass";
      const recovered = await timed(checked.read(id));
      expect(textOf(recovered.value)).toBe("first");
      expect(recovered.ms).toBeLessThan(checkMs);
      await vi.waitUntil(() => proxy.open === 1);
    },
  );

  test("costs 50 calls at once one ping and one new connection, and all succeed (law 78)", async () => {
    await using proxy = await startProxy(server);
    const handler = createMemcachedHandler(addressOf(proxy));
    await using checked = withConnectionCheck(handler, limits);
    const { id } = await create(direct);
    await checked.read(id);
    const [ping, reconnect] = [vi.spyOn(handler, "ping"), vi.spyOn(handler, "reconnect")];
    proxy.silence();
    await idle();
    const read = await Promise.all(Array.from({ length: 50 }, () => checked.read(id)));
    expect(new Set(read.map(textOf))).toEqual(new Set(["first"]));
    expect([ping.mock.calls.length, reconnect.mock.calls.length, proxy.accepted]).toEqual([1, 1, 2]);
  });
});

test("thirty timeouts leave thirty connections open with bare memjs, and here none but the one in use", async () => {
  await using bareProxy = await startProxy(server);
  await using proxy = await startProxy(server);
  bareProxy.newConnections = "silent";
  proxy.newConnections = "silent";
  using bare = openBareMemjs(addressOf(bareProxy), { timeout: 0.05, conntimeout: 0.05, retries: 1 });
  await using checked = withConnectionCheck(createMemcachedHandler(addressOf(proxy), { timeoutMs: 50 }), {
    everySeconds: 0,
    pingTimeoutMs: 20,
    reconnectTimeoutMs: 20,
  });
  for (let round = 0; round < 30; round += 1) {
    await Promise.all([rejectionOf(bare.get("a")), failureOf(checked.read("a"))]);
  }
  expect(bareProxy.accepted).toBe(30);
  expect(proxy.accepted).toBeGreaterThanOrEqual(30);
  await vi.waitUntil(() => proxy.open <= 1);
  bareProxy.newConnections = "pass";
  proxy.newConnections = "pass";
  expect(await checked.read("a")).toBeUndefined();
  expect(proxy.open).toBe(1);
});

test("a new connection that is accepted and never answered is given up with the call that opened it (law 38)", async () => {
  await using proxy = await startProxy(server);
  proxy.newConnections = "silent";
  await using handler = createMemcachedHandler(addressOf(proxy), { timeoutMs });
  const { id, version } = await create(direct);
  const failed = await timed(failureOf(handler.write(id, bytes("x"), { replaces: version, ttlSeconds: 60 })));
  expect(failed.value).toMatchObject({ code: "timeout", outcome: "not-applied" });
  expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
  await vi.waitUntil(() => proxy.open === 0);
  proxy.newConnections = "pass";
  expect(textOf(await handler.read(id))).toBe("first");
});

test("a reconnection that its caller gives up leaves no connection behind (law 39)", async () => {
  await using proxy = await startProxy(server);
  proxy.newConnections = "silent";
  await using handler = createMemcachedHandler(addressOf(proxy));
  const giveUp = new AbortController();
  const calls = [handler.reconnect({ signal: giveUp.signal }), handler.reconnect({ signal: giveUp.signal })];
  const refused = calls.map(failureOf);
  await vi.waitUntil(() => proxy.open === 1);
  giveUp.abort();
  for (const error of await Promise.all(refused)) expect(error).toMatchObject({ code: "aborted" });
  await vi.waitUntil(() => proxy.open === 0);
  expect(proxy.accepted).toBe(1);
});

test("a server that stands still costs each call its deadline, and is found well again (law 61)", async () => {
  await using own = await startMemcached();
  await using checked = withConnectionCheck(createMemcachedHandler(own.address, { timeoutMs }), limits);
  const { id, version } = await create(checked);
  own.freeze();
  const failed = await timed(failureOf(checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 })));
  expect(failed.value).toMatchObject({ code: "timeout", outcome: "unknown" });
  expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
  expect(await failureOf(checked.read(id))).toMatchObject({ code: "unavailable" });
  own.thaw();
  expect(["first", "second"]).toContain(textOf(await checked.read(id)));
});
