// @module-tag real-time

import {
  createSessionManager,
  expressFormat,
  isSessionError,
  nativeFormat,
  type SessionError,
  type SessionHandler,
  type SessionManager,
  withConnectionCheck,
} from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../../faults/proxy.ts";
import { expectNoEscapes } from "../../redis/escapes.ts";
import { failureOf } from "../../redis/settling.ts";
import { type RedisServer, startRedis } from "../../servers/redis-server.ts";
import { type Counts, present } from "./writers.ts";

expectNoEscapes();

/** Nothing here waits for this deadline, unless a shorter one is given. */
const timeoutMs = 10_000;

describe.concurrent("a lost reply", () => {
  test("on creating burns the id: the session continues under another one, and its end ends both (law 91)", async () => {
    await using scene = await open();
    const { server, sessions, loseReplyOf } = scene;
    const session = await sessions.create();
    const { id } = session;
    session.update("n", (n = 0) => n + 1);
    const lost = loseReplyOf("write");
    expect(await failureOf(session.save())).toMatchObject({ code: "unavailable", outcome: "unknown" });
    await lost;
    expect(session.isNew).toBe(true);
    expect(session.isChanged).toBe(true);
    expect(session.id).not.toBe(id);
    await session.save();
    expect(await scene.countOf(session.id)).toBe(1);
    expect(await keysOf(server)).toEqual(
      [await sessions.format.keyOf(id), await sessions.format.keyOf(session.id)].sort(),
    );
    await session.destroy();
    expect(await keysOf(server)).toEqual([]);
  });

  test("on saving is resolved at once by a read, and the change is counted once", async () => {
    await using scene = await open();
    const session = await scene.created();
    session.update("n", (n = 0) => n + 1);
    const lost = scene.loseReplyOf("write");
    await session.save();
    await lost;
    expect(await scene.countOf(session.id)).toBe(1);
    expect(session.get("n")).toBe(1);
    await session.save();
    expect(await scene.countOf(session.id)).toBe(1);
  });

  test("on an update is resolved at once by a read, and the change is counted once", async () => {
    await using scene = await open();
    const { id } = await scene.created();
    const lost = scene.loseReplyOf("write");
    await scene.sessions.update(id, (draft) => draft.update("n", (n = 0) => n + 1));
    await lost;
    expect(await scene.countOf(id)).toBe(1);
  });

  test("on the copy of a regeneration leaves the session under its old id (law 96)", async () => {
    await using scene = await open();
    const { server, sessions, loseReplyOf } = scene;
    const session = await scene.created();
    const { id } = session;
    session.set("n", 7);
    const lost = loseReplyOf("write");
    expect(await failureOf(session.regenerate())).toMatchObject({ code: "unavailable", outcome: "not-applied" });
    await lost;
    expect(session.id).toBe(id);
    await session.save();
    expect(await scene.countOf(id)).toBe(7);
    const orphans = (await keysOf(server)).filter((key) => key !== sessions.format.keyOf(id));
    await session.regenerate();
    expect(await sessions.open(id)).toBeUndefined();
    expect(await scene.countOf(session.id)).toBe(7);
    console.info(`a lost reply on the copy leaves ${orphans.length} key behind, under an id that nobody has been told`);
  });

  test("on the end of a regeneration never leaves two sessions, and `not-applied` means that the old one is left (law 96)", async () => {
    await using scene = await open();
    const { server, sessions, loseReplyOf } = scene;
    const session = await scene.created();
    const { id } = session;
    session.set("n", 7);
    const lost = loseReplyOf("destroy");
    const error = await session.regenerate().then(() => undefined, asSessionError);
    await lost;
    const old = await sessions.open(id);
    console.info(`a lost reply on the end of a regeneration: ${error?.code}, ${error?.outcome}, old id ${!!old}`);
    expect((await keysOf(server)).length).toBeLessThanOrEqual(1);
    if (error === undefined) expect(await scene.countOf(session.id)).toBe(7);
    else expect(error.outcome).toBe(old === undefined ? "unknown" : "not-applied");
  });

  test("on the end of a regeneration with a grace period is resolved by a read: the new id is valid, and the old one leads to it (law 96)", async () => {
    await using scene = await open();
    const session = await scene.created();
    const { id } = session;
    session.set("n", 7);
    const lost = scene.loseReplyOf("write", 2);
    await session.regenerate({ graceSeconds: 5 });
    await lost;
    expect(session.id).not.toBe(id);
    expect(await scene.countOf(session.id)).toBe(7);
    const late = await present(scene.sessions.open(id));
    expect([late.get("n"), late.isReadOnly]).toEqual([7, true]);
  });

  test("on destroying leaves the session destroyed, and destroying it again resolves", async () => {
    await using scene = await open();
    const session = await scene.created();
    const stale = await present(scene.sessions.open(session.id));
    stale.set("n", 1);
    const lost = scene.loseReplyOf("destroy");
    expect(await failureOf(session.destroy())).toMatchObject({ code: "unavailable", outcome: "unknown" });
    await lost;
    expect(await failureOf(stale.save())).toMatchObject({ code: "gone" });
    await session.destroy();
    expect(await keysOf(scene.server)).toEqual([]);
  });
});

describe.concurrent("a creation that arrives late", () => {
  test.each([
    ["native", nativeFormat],
    ["express", expressFormat],
    ["symfony", () => symfonyFormat({ serializer: "php" })],
  ])("after its session has been destroyed is destroyed as well, in the %s format (law 92)", async (_, format) => {
    await using server = await startRedis();
    const limits = { pingTimeoutMs: 100, reconnectTimeoutMs: 500 };
    const handler = withConnectionCheck(createRedisHandler(server.url, { timeoutMs: 100 }), limits);
    await using sessions = createSessionManager<Counts>({ handler, format: format() });
    for (let n = 0; n < 6; n++) {
      const session = await sessions.create();
      const { id } = session;
      session.set("n", n);
      await warmUp(sessions);
      server.freeze();
      expect(await failureOf(session.save())).toMatchObject({ code: "timeout", outcome: "unknown" });
      // The end is sent, and waits with the creation for the server to go on.
      const ended = n % 2 === 0 ? session.destroy() : sessions.destroy(id);
      server.thaw();
      await ended;
      await sessions.handler.read("x");
      expect(await keysOf(server)).toEqual([]);
    }
  });

  test.each([
    ["native", nativeFormat],
    ["express", expressFormat],
    ["symfony", () => symfonyFormat({ serializer: "php" })],
  ])("over a network that holds it back does not outlive its session, in the %s format (law 92)", async (_, format) => {
    await using server = await startRedis();
    await using proxy = await startProxy(server);
    const limits = { pingTimeoutMs: 50, reconnectTimeoutMs: 1000 };
    const handler = withConnectionCheck(createRedisHandler(proxy.url, { timeoutMs: 100 }), limits);
    await using sessions = createSessionManager<Counts>({ handler, format: format() });
    await warmUp(sessions);
    const session = await sessions.create();
    const { id } = session;
    session.set("n", 1);
    proxy.delayMs = 500;
    expect(await failureOf(session.save())).toMatchObject({ code: "timeout", outcome: "unknown" });
    proxy.delayMs = 0;
    await sessions.destroy(id);
    expect(await keysOf(server)).toEqual([]);
    // The handler's one connection, and that of who asks.
    await vi.waitUntil(async () => /connected_clients:2\r/.test(String(await server.command("info", "clients"))), {
      timeout: 5000,
    });
    expect(await keysOf(server)).toEqual([]);
    expect(await sessions.open(id)).toBeUndefined();
  });

  test("with an abandoned id does not bring the session back under it; the session continues under another one", async () => {
    await using server = await startRedis();
    await using sessions = createSessionManager<Counts>({
      handler: createRedisHandler(server.url, { timeoutMs: 150 }),
    });
    const session = await sessions.create();
    const { id } = session;
    session.update("n", (n = 0) => n + 1);
    await warmUp(sessions);
    server.freeze();
    expect(await failureOf(session.save())).toMatchObject({ code: "timeout", outcome: "unknown" });
    server.thaw();
    await session.save();
    await session.destroy();
    expect(await sessions.open(id)).toBeUndefined();
    expect(await keysOf(server)).toEqual([]);
  });
});

function asSessionError(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  throw error;
}

/** Connects, and lets the server get to know the scripts: what it does not know, it does not execute late either. */
async function warmUp(sessions: SessionManager<Counts>): Promise<void> {
  const session = await sessions.create();
  session.set("other", 1);
  await session.save();
  await session.regenerate();
  await session.destroy();
}

/** A server behind a proxy that loses replies when it is told, and a manager that goes through it. */
async function open() {
  const server = await startRedis();
  const proxy = await startProxy(server);
  const inner = createRedisHandler(proxy.url, { timeoutMs });
  const watched = withReplyLoss(inner, server, proxy);
  const sessions: SessionManager<Counts> = createSessionManager<Counts>({ handler: watched.handler });
  await warmUp(sessions);
  return {
    server,
    sessions,
    loseReplyOf: watched.loseReplyOf,
    async created() {
      const session = await sessions.create();
      session.set("other", 1);
      await session.save();
      return session;
    },
    /** As somebody sees it who has had nothing to do with it. */
    async countOf(id: string): Promise<number | undefined> {
      await using others = createSessionManager<Counts>({ handler: createRedisHandler(server.url) });
      return (await present(others.open(id))).get("n");
    },
    async [Symbol.asyncDispose]() {
      await sessions.close();
      await proxy.close();
      await server.stop();
    },
  };
}

/** Lets a chosen request reach the server, and resets the connection when it has been executed, without its reply. */
function withReplyLoss(inner: SessionHandler, server: RedisServer, proxy: FaultProxy) {
  let doomed: { readonly operation: "write" | "destroy"; calls: number; lost: () => void } | undefined;

  async function perform<T>(operation: "write" | "destroy", act: () => Promise<T>): Promise<T> {
    if (doomed?.operation !== operation || --doomed.calls > 0) return act();
    const { lost } = doomed;
    doomed = undefined;
    const executed = await executedCommands(server);
    proxy.dropReplies(true);
    const acting = act();
    acting.catch(() => {});
    await vi.waitUntil(async () => (await executedCommands(server)) > executed, { interval: 5 });
    proxy.dropReplies(false);
    proxy.resetAll();
    lost();
    return acting;
  }

  const handler: SessionHandler = {
    ...inner, // a plain object, whose methods need no `this`
    write: (...call) => perform("write", () => inner.write(...call)),
    destroy: (...call) => perform("destroy", () => inner.destroy(...call)),
  };
  return {
    handler,
    loseReplyOf: (operation: "write" | "destroy", calls = 1) =>
      new Promise<void>((lost) => {
        doomed = { operation, calls, lost };
      }),
  };
}

/** How many scripts and deletions the server has executed. */
async function executedCommands(server: RedisServer): Promise<number> {
  const stats = String(await server.command("info", "commandstats"));
  return [...stats.matchAll(/cmdstat_(?:set|evalsha|eval|del):calls=(\d+),.*?failed_calls=(\d+)/g)].reduce(
    (total, [, calls, failed]) => total + Number(calls) - Number(failed),
    0,
  );
}

async function keysOf(server: RedisServer): Promise<string[]> {
  return ((await server.command("keys", "*")) as string[]).sort();
}
