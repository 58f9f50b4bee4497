// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, timed } from "./settling.ts";

expectNoEscapes();

const limits = { everySeconds: 0.2, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
const checkMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs;
/** The deadline of the handlers that nobody checks. */
const timeoutMs = 300;
const watchMs = 1500;
/** What a busy machine may add. */
const slackMs = 250;

const { server, handler: direct } = await openScene();

/** Long enough for a connection to count as idle. */
function idle(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, limits.everySeconds * 1000 + 20));
}

describe.concurrent("a connection that died without a word while it was idle", () => {
  test("hangs in bare ioredis, rejects by the deadline in the handler, and is replaced by the check (laws 38 and 60)", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareRedis(proxy.url);
    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    await using checked = withConnectionCheck(createRedisHandler(proxy.url), limits);
    const { id } = await create(direct);
    await Promise.all([bare.get(id), handler.read(id), checked.read(id)]);
    proxy.silence();
    await idle();

    const bareHangs = isPendingAfter(watchMs, bare.get(id));
    const refused = await timed(failureOf(handler.read(id)));
    expect(refused.value).toMatchObject({ code: "timeout" });
    expect(refused.ms).toBeLessThan(timeoutMs + slackMs);

    const answered = await timed(checked.read(id));
    expect(textOf(answered.value)).toBe("first");
    expect(answered.ms).toBeLessThan(checkMs);
    expect(await bareHangs).toBe(true);
    report("idle, died silently, new connections pass", watchMs, refused.ms, answered.ms);

    expect(await failureOf(handler.read(id))).toMatchObject({ code: "timeout" });
    await handler.reconnect();
    expect(textOf(await handler.read(id))).toBe("first");
    await vi.waitUntil(() => proxy.open === 3); // the dead ones have been let go of, but for that of ioredis
  });

  test.each([
    ["refused", "refuse"],
    ["as silent", "silent"],
  ] as const)(
    "while new ones are %s: says so in time, and recovers with the network (laws 53, 58 and 60)",
    async (_, newConnections) => {
      await using proxy = await startProxy(server);
      using bare = openBareRedis(proxy.url);
      await using handler = createRedisHandler(proxy.url, { timeoutMs });
      await using checked = withConnectionCheck(createRedisHandler(proxy.url), limits);
      const { id, version } = await create(direct);
      await Promise.all([bare.get(id), handler.read(id), checked.read(id)]);
      proxy.silence();
      proxy.newConnections = newConnections;
      await idle();

      const bareHangs = isPendingAfter(watchMs, bare.get(id));
      const refused = await timed(failureOf(handler.read(id)));
      expect(refused.value).toMatchObject({ code: "timeout" });
      const write = checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
      const failed = await timed(failureOf(write));
      expect(failed.value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
      expect(failed.value.cause).toBeInstanceOf(AggregateError);
      expect((failed.value.cause as AggregateError).errors).toHaveLength(2);
      expect(failed.ms).toBeLessThan(checkMs + slackMs);
      report(`idle, died silently, new connections ${newConnections}`, watchMs, refused.ms, failed.ms);

      // The network is well again; what was silent stays so, as with a host that was replaced.
      proxy.newConnections = "pass";
      const recovered = await timed(checked.read(id));
      expect(textOf(recovered.value)).toBe("first");
      expect(recovered.ms).toBeLessThan(checkMs);
      report(`first call after new connections pass again`, undefined, undefined, recovered.ms);
      expect(await bareHangs).toBe(true);
    },
  );

  test("costs 50 calls at once one ping and one new connection, and all succeed (law 78)", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareRedis(proxy.url);
    const handler = createRedisHandler(proxy.url);
    await using checked = withConnectionCheck(handler, limits);
    const { id } = await create(direct);
    await Promise.all([bare.get(id), checked.read(id)]);
    const { accepted } = proxy;
    const [ping, reconnect] = [vi.spyOn(handler, "ping"), vi.spyOn(handler, "reconnect")];
    proxy.silence();
    await idle();
    const bareHangs = Array.from({ length: 50 }, () => isPendingAfter(watchMs, bare.get(id)));
    const monitor = await server.monitor();

    const { value, ms } = await timed(Promise.all(Array.from({ length: 50 }, () => checked.read(id))));
    expect(value.map(textOf)).toEqual(Array.from({ length: 50 }, () => "first"));
    expect(ms).toBeLessThan(checkMs);
    expect(ping).toHaveBeenCalledTimes(1);
    expect(reconnect).toHaveBeenCalledTimes(1);
    expect(proxy.accepted).toBe(accepted + 1);
    await monitor.caughtUp();
    monitor.stop();
    expect(monitor.commands.filter(([, key]) => key === id)).toHaveLength(50);
    expect(new Set(await Promise.all(bareHangs))).toEqual(new Set([true]));
    report("50 calls at once on a connection that died silently", watchMs, undefined, ms);
  });
});

test.concurrent("a connection that dies silently while it is in use costs that call its deadline, and the next one a check (law 61)", async () => {
  await using proxy = await startProxy(server);
  using bare = openBareRedis(proxy.url);
  const handler = createRedisHandler(proxy.url, { timeoutMs });
  await using checked = withConnectionCheck(handler, { ...limits, everySeconds: 20 });
  const { id, version } = await create(direct);
  await Promise.all([bare.get(id), checked.read(id)]);
  const ping = vi.spyOn(handler, "ping");
  proxy.silence();

  const bareHangs = isPendingAfter(watchMs, bare.get(id));
  const write = () => checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 });
  const failed = await timed(failureOf(write()));
  expect(failed.value).toMatchObject({ code: "timeout", outcome: "unknown" });
  expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
  expect(ping).not.toHaveBeenCalled();

  const next = await timed(write());
  expect(next.value).toMatchObject({ written: true });
  expect(next.ms).toBeLessThan(checkMs);
  expect(ping).toHaveBeenCalledTimes(1);
  expect(await bareHangs).toBe(true);
  report("died silently in use: the next call", watchMs, undefined, next.ms);
});

test.concurrent("a new connection that is accepted and never answered hangs bare ioredis; here it is given up with the call that opened it (law 38)", async () => {
  await using proxy = await startProxy(server);
  proxy.newConnections = "silent";
  using bare = openBareRedis(proxy.url);
  await using handler = createRedisHandler(proxy.url, { timeoutMs });
  const { id, version } = await create(direct);
  const bareHangs = isPendingAfter(watchMs, bare.get(id));
  const failed = await timed(failureOf(handler.write(id, bytes("x"), { replaces: version, ttlSeconds: 60 })));
  expect(failed.value).toMatchObject({ code: "timeout", outcome: "not-applied" });
  expect(failed.ms).toBeLessThan(timeoutMs + slackMs);
  await vi.waitUntil(() => proxy.open === 1);
  proxy.newConnections = "pass";
  expect(textOf(await handler.read(id))).toBe("first");
  expect(await bareHangs).toBe(true);
});

test.concurrent("a slow network is not taken for a dead one (law 46)", async () => {
  await using proxy = await startProxy(server);
  await using checked = withConnectionCheck(createRedisHandler(proxy.url), limits);
  const { id } = await create(direct);
  await checked.read(id);
  proxy.delayMs = limits.pingTimeoutMs / 4;
  await idle();
  expect(textOf(await checked.read(id))).toBe("first");
  expect(proxy.accepted).toBe(1);
});

/** One line of figures; absent ones were not asked for. */
function report(scenario: string, bareMs: number | undefined, handlerMs: number | undefined, checkedMs: number): void {
  const bare = bareMs === undefined ? "-" : `>${bareMs}`;
  console.info(`${scenario}: bare ${bare} ms / handler ${handlerMs ?? "-"} ms / checked ${checkedMs} ms`);
}
