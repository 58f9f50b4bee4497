// @module-tag real-time

import {
  createSessionManager,
  expressFormat,
  nativeFormat,
  type SessionManager,
  withConnectionCheck,
} from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { everythingIn } from "../../laws/secrets.ts";
import { rejectionOf } from "../../redis/settling.ts";
import { startRedis } from "../../servers/redis-server.ts";
import { present } from "./writers.ts";

const secret = "data-to-be-kept-secret";

interface Account {
  readonly user?: string;
  readonly n?: number;
}

test("nothing that Redis receives or stores contains the id of a session, over its whole life", async () => {
  await using server = await startRedis();
  await using sessions = createSessionManager<Account>({ handler: createRedisHandler(server.url) });
  await using others = createSessionManager<Account>({ handler: createRedisHandler(server.url) });
  const ids = new Set<string>();
  const monitor = await server.monitor();
  const kept: string[] = [];
  const look = async () => {
    for (const key of (await server.command("keys", "*")) as string[]) {
      kept.push(key, String(await server.command("get", key)));
    }
  };

  const session = await sessions.create();
  ids.add(session.id);
  session.set("user", secret);
  session.flash.add("notice", "Welcome");
  await session.save();
  await look();
  await sessions.update(session.id, (draft) => draft.update("n", (n = 0) => n + 1));
  const stale = await present(others.open(session.id));
  await session.refresh();
  session.flash.take("notice");
  await session.save();
  stale.set("n", 3);
  await stale.save();
  await session.touch();
  await session.regenerate({ graceSeconds: 20 });
  ids.add(session.id);
  await look();
  for (const id of ids) await others.open(id);
  await session.regenerate();
  ids.add(session.id);
  await session.save();
  await look();
  await session.invalidate();
  ids.add(session.id);
  session.set("user", secret);
  await session.save();
  await look();
  await sessions.destroy(session.id);
  await look();
  await monitor.caughtUp();
  monitor.stop();

  expect(ids.size).toBe(4);
  const everything = [...monitor.commands.flat(), ...kept];
  expect(everything.length).toBeGreaterThan(100);
  expect(everything.some((text) => text.includes(secret))).toBe(true); // it would be seen
  for (const id of ids) {
    expect(everything.filter((text) => text.includes(id) || text.includes(inHex(id)))).toEqual([]);
  }
});

describe.each([
  ["native", nativeFormat],
  ["express", expressFormat],
  ["symfony", () => symfonyFormat({ serializer: "php" })],
])("no error of a session in the %s format carries its id or its data (law 35):", (_, format) => {
  test("out of memory, a replica, foreign bytes, gone, a dead server", async () => {
    const seen = new Set<unknown>();
    await using server = await startRedis();
    const limits = { everySeconds: 0, pingTimeoutMs: 100, reconnectTimeoutMs: 100 };
    const handler = withConnectionCheck(createRedisHandler(server.url, { timeoutMs: 200 }), limits);
    await using sessions = createSessionManager<Account>({ handler, format: format() });

    const { session, failures } = await storedIn(sessions);
    const key = await sessions.format.keyOf(session.id);
    const expectSecrecy = async () => {
      for (const error of await failures()) {
        seen.add((error as { code: unknown }).code);
        const text = everythingIn(error);
        for (const part of [session.id, key, secret]) expect(text).not.toContain(part);
      }
    };
    await server.command("config", "set", "maxmemory", "1");
    await expectSecrecy();
    await server.command("config", "set", "maxmemory", "0");
    await server.command("replicaof", "127.0.0.1", "1");
    await expectSecrecy();
    await server.command("replicaof", "no", "one");
    await server.command("set", key, `{"cookie":"${secret}`);
    await expectSecrecy();
    await server.command("del", key);
    await server.command("rpush", key, secret);
    await expectSecrecy();
    await server.command("del", key);
    await expectSecrecy();
    server.freeze();
    await expectSecrecy();
    server.thaw();
    await server.kill();
    await expectSecrecy();
    expect(seen).toEqual(new Set(["overloaded", "read-only", "corrupt", "gone", "unavailable"]));
  }, 30_000);
});

test("no error of the express store contains an id or data", async () => {
  await using server = await startRedis();
  await using handler = createRedisHandler(server.url, { timeoutMs: 200 });
  const store = createExpressStore(handler, { onGone: "error" });
  const sid = "id-to-be-kept-secret";
  const data = { cookie: { originalMaxAge: null }, user: secret } as never;
  await store.set(sid, data);
  const found = (await store.get(sid, undefined as never)) as unknown as Account;
  await server.command("set", `sess:${sid}`, secret);
  const errors = [await rejectionOf(asPromise(store.get(sid, undefined as never)))];
  await server.command("del", `sess:${sid}`);
  errors.push(await rejectionOf(asPromise(store.set(sid, { ...found, user: `${secret}!` } as never))));
  await server.kill();
  const changed = { cookie: { originalMaxAge: null }, user: secret, page: 1 } as never;
  const calls = [() => store.get(sid, undefined as never), () => store.set(sid, changed), () => store.destroy(sid)];
  for (const call of calls) errors.push(await rejectionOf(asPromise(call())));
  for (const error of errors) expect(everythingIn(error)).not.toContain("to-be-kept-secret");
});

async function storedIn(sessions: SessionManager<Account>) {
  const session = await sessions.create();
  session.set("user", secret);
  await session.save();
  const { id } = session;
  const stale = await present(sessions.open(id));
  /** The errors of all that can be done to it; some of it need not fail. */
  async function failures(): Promise<unknown[]> {
    stale.update("user", (user) => `${user}, again`);
    const created = await sessions.create();
    created.set("user", secret);
    const results = await Promise.allSettled([
      stale.save(),
      stale.refresh(),
      stale.regenerate(),
      sessions.open(id),
      sessions.update(id, (draft) => draft.set("user", secret)),
      created.save(),
    ]);
    return results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
  }
  return { session, failures };
}

function asPromise(call: unknown): Promise<unknown> {
  return call as Promise<unknown>; // without a callback the store's methods return one
}

function inHex(id: string): string {
  return Buffer.from(id, "base64url").toString("hex");
}
