import type { SessionData } from "express-session";
import { createSessionManager, expressFormat, type SessionHandler, withConnectionCheck } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";

let server: RedisServer;
beforeAll(async () => {
  server = await startRedis();
});
afterAll(() => server.stop());

const handlers: Record<string, () => SessionHandler> = {
  memory: () => createMemoryHandler(),
  redis: () => withConnectionCheck(createRedisHandler(server.url)),
};

function data(user: string): SessionData {
  return { cookie: { originalMaxAge: null, path: "/" }, user } as unknown as SessionData;
}

describe.each(Object.entries(handlers))("on %s", (_, createHandler) => {
  test("the store lists, counts and ends its sessions, and nothing else", async () => {
    const handler = createHandler();
    const store = createExpressStore(handler);
    await handler.write("not a session", new Uint8Array([1]), { replaces: undefined, ttlSeconds: 60 });
    expect(await store.length?.()).toBe(0);
    const names = Array.from({ length: 250 }, (_, n) => `id-${n}`);
    await Promise.all(names.map((name) => store.set(name, data(name))));

    expect((await store.ids?.())?.toSorted()).toEqual(names.toSorted());
    expect(await store.length?.()).toBe(250);
    const all = (await store.all?.()) as (SessionData & { id: string; user: string })[];
    expect(all.map(({ id, user }) => [id, user]).toSorted()).toEqual(names.map((name) => [name, name]).toSorted());

    await store.clear?.();
    expect(await store.length?.()).toBe(0);
    expect(await handler.read("not a session")).toBeDefined();
    await handler.destroy("not a session");
    await store.sessions.close();
  });

  test("a listed session is merged when it is set, without the id in its data", async () => {
    const store = createExpressStore(createHandler());
    await store.set("one", data("Ann"));
    const [listed] = (await store.all?.()) ?? [];
    await store.sessions.update("one", (draft) => draft.set("news", 1));
    await store.set("one", Object.assign(listed as object, { user: "Bea" }) as unknown as SessionData);
    expect(await store.get("one")).toMatchObject({ user: "Bea", news: 1 });
    expect(await store.get("one")).not.toHaveProperty("id");
    await store.clear?.();
    await store.sessions.close();
  });

  test("callbacks are called as with other stores", async () => {
    const store = createExpressStore(createHandler());
    await store.set("one", data("Ann"));
    const length = await new Promise((resolve) => store.length?.((error, count) => resolve([error, count])));
    expect(length).toEqual([null, 1]);
    await new Promise((resolve) => store.clear?.(resolve));
    expect(await store.length?.()).toBe(0);
    await store.sessions.close();
  });
});

test("a store whose handler cannot list has none of these methods", async () => {
  const { read, write, touch, destroy, close, [Symbol.asyncDispose]: dispose } = createMemoryHandler();
  const handler: SessionHandler = { read, write, touch, destroy, close, [Symbol.asyncDispose]: dispose };
  const store = createExpressStore(createSessionManager({ handler, format: expressFormat() }));
  for (const method of ["all", "ids", "length", "clear"] as const) expect(store[method]).toBeUndefined();
});
