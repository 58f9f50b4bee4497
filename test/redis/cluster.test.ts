// @module-tag real-time

import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { startProxies } from "../faults/cluster-proxies.ts";
import { type RedisCluster, startRedisCluster } from "../servers/redis-cluster.ts";
import { clusterClient, idOnEachMaster, openBareCluster } from "./cluster-scene.ts";
import { expectNoEscapes } from "./escapes.ts";
import { bytes, freshId, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, timed } from "./settling.ts";

expectNoEscapes();

/** No server is taken for dead here; what becomes of one that is, `failover.test.ts` shows. */
const nodeTimeoutMs = 15_000;
const watchMs = 1500;
const timeoutMs = 400;
const slackMs = 300;
const limits = { pingTimeoutMs: 200, reconnectTimeoutMs: 400 };
const checkMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs;

let cluster: RedisCluster;
beforeAll(async () => {
  cluster = await startRedisCluster({ nodeTimeoutMs, servesInPart: true });
});
afterAll(() => cluster.stop());

describe("a master that does not answer", () => {
  test("hangs the bare client, and delays only the calls that need it (laws 38, 59 and 60)", async () => {
    using bare = openBareCluster(cluster.servers);
    await using handler = createRedisHandler(clusterClient(cluster.servers), { timeoutMs });
    const inner = createRedisHandler(clusterClient(cluster.servers));
    await using checked = withConnectionCheck(inner, limits);
    await using always = withConnectionCheck(createRedisHandler(clusterClient(cluster.servers)), { everySeconds: 0 });
    const [frozenId, ...otherIds] = await idOnEachMaster(checked);
    for (const id of [frozenId, ...otherIds]) await always.read(id);
    for (const id of [frozenId, ...otherIds]) await Promise.all([bare.get(id), handler.read(id)]);
    const frozen = await cluster.masterOf(frozenId);
    using _ = frozen.freeze();

    const bareHangs = isPendingAfter(watchMs, bare.get(frozenId));
    const [refused, ...served] = await Promise.all([
      timed(failureOf(handler.read(frozenId))),
      ...otherIds.map((id) => timed(handler.read(id))),
    ]);
    expect(refused.value).toMatchObject({ code: "timeout" });
    expect(refused.ms).toBeLessThan(timeoutMs + slackMs);
    for (const { value, ms } of served) {
      expect(textOf(value)).toBe("first");
      expect(ms).toBeLessThan(slackMs);
    }

    await failureOf(checked.read(frozenId, { signal: AbortSignal.timeout(100) }));
    const [ping, reconnect] = [vi.spyOn(inner, "ping"), vi.spyOn(inner, "reconnect")];
    const [failed, ...stillServed] = await Promise.all([
      timed(failureOf(checked.touch(frozenId, 60))),
      ...otherIds.flatMap((id) => [timed(checked.read(id)), timed(always.read(id))]),
    ]);
    expect(failed.value).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    expect(failed.ms).toBeLessThan(checkMs + slackMs);
    for (const { ms } of stillServed) expect(ms).toBeLessThan(slackMs);
    const connection = `127.0.0.1:${frozen.port}`;
    for (const spy of [ping, reconnect]) expect(spy.mock.calls).toMatchObject([[{ connection }]]);
    expect(await bareHangs).toBe(true);

    frozen.thaw();
    const answered = await timed(checked.read(frozenId));
    expect(textOf(answered.value)).toBe("first");
    expect(answered.ms).toBeLessThan(checkMs);
    expect(textOf(await handler.read(frozenId).catch(() => handler.read(frozenId)))).toBe("first");
    console.info(
      `a frozen master: bare >${watchMs} ms / handler ${refused.ms} ms / checked ${failed.ms} ms, ` +
        `calls to others meanwhile ${stillServed.map(({ ms }) => ms)} ms`,
    );
  });

  test("costs a moment if it is the first to be asked for the slots", async () => {
    const [frozen, living] = cluster.servers;
    if (!frozen || !living) throw new Error("There is no Cluster.");
    using _ = frozen.freeze();
    for (const _ of "1234") {
      await using handler = createRedisHandler(clusterClient([frozen, living]), { timeoutMs: 60_000 });
      const signal = AbortSignal.timeout(3000);
      const reads = Array.from({ length: 20 }, () => timed(handler.read(freshId(), { signal })));
      const first = await Promise.any(reads); // of those that are not on the frozen server
      expect(first.value).toBeUndefined();
      expect(first.ms).toBeLessThan(1000);
      const left = Promise.allSettled(reads);
      await handler.close();
      await left;
    }
  });

  test("with silently dropped connections is reached again by the check, over one new connection, and no other master is touched (laws 60 and 78)", async () => {
    await using network = await startProxies(cluster.servers);
    const inner = createRedisHandler(clusterClient(cluster.servers, { natMap: network.natMap }));
    await using checked = withConnectionCheck(inner, { ...limits, everySeconds: 0.2 });
    const [id, ...others] = await idOnEachMaster(checked);
    const proxy = network.before(await cluster.masterOf(id));
    const once = withConnectionCheck(createRedisHandler(clusterClient(cluster.servers, { natMap: network.natMap })), {
      ...limits,
      everySeconds: 0.2,
    });
    await once.read(id); // which has found the connection on its way
    const { accepted } = network;
    await new Promise((resolve) => setTimeout(resolve, 220)); // long enough for the connections to count as idle
    proxy.silence();
    const ping = vi.spyOn(inner, "ping");
    const answers = await timed(Promise.all(Array.from({ length: 20 }, () => checked.read(id))));
    expect(answers.value.map(textOf)).toEqual(Array.from({ length: 20 }, () => "first"));
    expect(answers.ms).toBeLessThan(checkMs);
    expect(ping).toHaveBeenCalledTimes(1);
    await Promise.all(others.map((other) => checked.read(other)));
    // One to ask who the master is, whoever was asked, and one to use.
    expect(network.accepted - accepted).toBe(2);
    const second = await timed(once.read(id));
    expect(textOf(second.value)).toBe("first");
    expect(second.ms).toBeLessThan(checkMs);
    await once.close();
    console.info(`a connection to one master died silently while idle: the session after ${answers.ms} ms`);
  });
});

test("after a lost reply, the bare client executes twice; the handler executes once, with outcome unknown (laws 34 and 36)", async () => {
  await using network = await startProxies(cluster.servers);
  using bare = openBareCluster(cluster.servers, { natMap: network.natMap });
  await using handler = createRedisHandler(clusterClient(cluster.servers, { natMap: network.natMap }));
  const id = freshId();
  const master = await cluster.masterOf(id);
  const proxy = network.before(master);
  await Promise.all([bare.get(id), handler.read(id)]);
  const counter = `{${id}}counter`;

  const incremented = await loseReply(bare.incr(counter), async () => (await master.command("get", counter)) === "1");
  expect(incremented).toBe(2);

  await handler.write(`{${id}}`, bytes("so that the script is known"), { replaces: undefined, ttlSeconds: 60 });
  const before = await sets();
  const write = failureOf(handler.write(id, bytes("data"), { replaces: undefined, ttlSeconds: 60 }));
  const error = await loseReply(write, async () => (await master.command("exists", id)) === 1);
  expect(error).toMatchObject({ code: "unavailable", outcome: "unknown" });
  expect(textOf(await handler.read(id))).toBe("data");
  expect((await sets()) - before).toBe(1);

  async function loseReply<T>(call: Promise<T>, isExecuted: () => Promise<boolean>): Promise<T> {
    proxy.dropReplies(true);
    await vi.waitUntil(isExecuted);
    proxy.dropReplies(false);
    proxy.resetAll();
    return call;
  }

  async function sets(): Promise<number> {
    const stats = await Promise.all(cluster.servers.slice(0, 3).map((each) => each.command("info", "commandstats")));
    return stats.reduce<number>((sum, text) => sum + Number(/cmdstat_set:calls=(\d+)/.exec(String(text))?.[1] ?? 0), 0);
  }
});

test("a closed handler leaves no connection and no timer, whatever was under way (law 40)", async () => {
  await using network = await startProxies(cluster.servers);
  const handler = createRedisHandler(clusterClient(cluster.servers, { natMap: network.natMap }), { timeoutMs: 60_000 });
  const [id] = await idOnEachMaster(handler);
  network.before(await cluster.masterOf(id)).silence();
  const read = failureOf(handler.read(id));
  const reconnection = failureOf(handler.reconnect({ connection: handler.connectionOf?.(id) }));
  await handler.close();
  expect(await read).toMatchObject({ code: "closed" });
  expect(await reconnection).toMatchObject({ code: "closed" });
  await vi.waitUntil(() => network.open === 0);
});
