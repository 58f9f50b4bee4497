// @module-tag real-time

import {
  createSessionManager,
  type NetworkedSessionHandler,
  type SessionManager,
  withConnectionCheck,
} from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../faults/proxy.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { failureOf, isPendingAfter, timed } from "../../redis/settling.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type Counts, present } from "./writers.ts";

expectNoEscapes();

const watchMs = 1500;

describe.concurrent("a server that refuses", () => {
  test("writes for lack of memory still allows reads; the changes are kept, and stored once there is room (law 89)", async () => {
    await using server = await startRedis();
    await using sessions = managerOf(createRedisHandler(server.url));
    const session = await createIn(sessions);
    const { id } = session;
    session.update("n", (n = 0) => n + 1);
    await server.command("config", "set", "maxmemory", "1");
    const increment = () => sessions.update(id, (draft) => draft.update("n", (n = 0) => n + 1));
    const refused = { code: "overloaded", outcome: "not-applied" };
    for (const call of [() => session.save(), () => session.regenerate(), increment, () => session.save()]) {
      expect(await failureOf(call())).toMatchObject(refused);
    }
    const created = await sessions.create();
    const createdId = created.id;
    created.set("n", 5);
    expect(await failureOf(created.save())).toMatchObject(refused);
    expect([session.id, session.isChanged, session.get("n")]).toEqual([id, true, 1]);
    expect((await present(sessions.open(id))).get("n")).toBe(0);

    await server.command("config", "set", "maxmemory", "0");
    await session.save();
    await created.save();
    expect(created.id).toBe(createdId);
    expect(await countIn(server, id)).toBe(1);
    expect(await countIn(server, createdId)).toBe(5);
    expect(await server.command("dbsize")).toBe(2);
  });

  test("changes as it has become a replica keeps them waiting, and has them once it is a master again (law 89)", async () => {
    await using server = await startRedis();
    await using sessions = managerOf(withConnectionCheck(createRedisHandler(server.url)));
    const session = await createIn(sessions);
    session.update("n", (n = 0) => n + 1);
    await server.command("replicaof", "127.0.0.1", "1");
    const calls = [() => session.save(), () => session.regenerate(), () => session.destroy()];
    for (const call of calls) {
      expect(await failureOf(call())).toMatchObject({ code: "read-only", outcome: "not-applied" });
    }
    expect([session.isChanged, session.hasEnded]).toEqual([true, false]);
    await server.command("replicaof", "no", "one");
    await session.save();
    expect(await countIn(server, session.id)).toBe(1);
  });

  test("scripts that it has forgotten receives them again, and each change is counted once", async () => {
    await using server = await startRedis();
    await using sessions = managerOf(createRedisHandler(server.url));
    const session = await createIn(sessions);
    const monitor = await server.monitor();
    for (const act of [() => session.save(), () => session.save(), () => session.regenerate()]) {
      await server.command("script", "flush");
      session.update("n", (n = 0) => n + 1);
      await act();
    }
    await monitor.caughtUp();
    monitor.stop();
    const names = monitor.commands.map(([name = ""]) => name.toLowerCase()).filter((name) => name !== "script");
    expect(names).toEqual(["eval", "evalsha", "eval", "set", "eval"]);
    expect(await countIn(server, session.id)).toBe(3);
  });

  test("to keep a session and evicts it has none: a save reports it and stores nothing (law 92)", async () => {
    await using server = await startRedis();
    await using sessions = managerOf(createRedisHandler(server.url));
    const session = await createIn(sessions);
    session.set("n", 1);
    await server.command("config", "set", "maxmemory-policy", "allkeys-random");
    await server.command("config", "set", "maxmemory", "1");
    await server.command("set", "another", "key").catch(() => {}); // evicts all there is, and may fail for all that
    await server.command("config", "set", "maxmemory", "0");
    expect(await failureOf(session.save())).toMatchObject({ code: "gone", outcome: "not-applied" });
    expect(await failureOf(sessions.update(session.id, () => {}))).toMatchObject({ code: "gone" });
    expect(await server.command("exists", await sessions.format.keyOf(session.id))).toBe(0);
  });
});

test.concurrent("a silently dropped connection hangs bare ioredis; a save, an update and a regeneration succeed after the check, once (laws 60 and 87)", async () => {
  await using server = await startRedis();
  const limits = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
  const checkMs = limits.pingTimeoutMs + limits.reconnectTimeoutMs;
  await using proxy = await startProxy(server);
  using bare = openBareRedis(proxy.url);
  await using sessions = managerOf(withConnectionCheck(createRedisHandler(proxy.url), limits));
  const session = await createIn(sessions);
  const { id } = session;
  await bare.ping();
  proxy.silence();
  const bareHangs = isPendingAfter(watchMs, bare.get("anything"));
  const times: number[] = [];
  const acts: readonly (() => Promise<unknown>)[] = [
    () => session.save(),
    () => sessions.update(id, (draft) => draft.update("n", (n = 0) => n + 1)),
    () => session.regenerate(),
  ];
  for (const [place, act] of acts.entries()) {
    if (place !== 1) session.update("n", (n = 0) => n + 1);
    times.push((await timed(act())).ms);
    proxy.silence();
  }
  for (const ms of times) expect(ms).toBeLessThan(checkMs);
  expect(await countIn(server, session.id)).toBe(3);
  expect(await bareHangs).toBe(true);
  console.info(`died silently: bare >${watchMs} ms / save, update and regenerate after ${times.join(", ")} ms`);
});

function managerOf(handler: NetworkedSessionHandler): SessionManager<Counts> {
  return createSessionManager<Counts>({ handler });
}

async function createIn(sessions: SessionManager<Counts>) {
  const session = await sessions.create();
  session.set("n", 0);
  await session.save();
  return session;
}

/** As somebody sees it who has had nothing to do with it. */
async function countIn(server: RedisServer, id: string): Promise<number | undefined> {
  await using sessions = managerOf(createRedisHandler(server.url));
  return (await present(sessions.open(id))).get("n");
}
