import { createExpressStore, type ExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { startExpressSite } from "./express-site.ts";
import type { Page } from "./site.ts";

expectNoEscapes();

const wrappers: [string, (store: ExpressStore) => ExpressStore][] = [
  ["a Proxy", (store) => new Proxy(store, {})],
  ["an object that inherits from it", (store) => Object.create(store)],
  ["a Proxy around an object that inherits from it", (store) => new Proxy(Object.create(store), {})],
];

describe.each(wrappers)("a store behind %s", (_, wrap) => {
  test("serves a real application: keeps, changes, regenerates and ends sessions", async () => {
    await using handler = createMemoryHandler();
    const store = wrap(createExpressStore(handler));
    const events: string[] = [];
    store.sessions.subscribe(({ type }) => events.push(type));
    await using site = await startExpressSite(store);
    const browser = site.open();
    const count: Page = async ({ session, reload }) => {
      const before = Number(session.count ?? 0);
      if (before > 0) await reload();
      return before;
    };
    await browser.visit(({ session }) => Object.assign(session, { count: 1 }));
    expect((await browser.visit(count)).body).toBe(1);
    const { id } = browser;
    await browser.visit(async (visit) => {
      await visit.regenerate();
      visit.session.count = 2;
    });
    expect(browser.id).not.toBe(id);
    expect((await browser.visit(count)).body).toBe(2);
    await browser.visit((visit) => visit.destroy());
    expect((await browser.visit(count)).body).toBe(0);
    expect(events).toEqual(["created", "regenerated", "created", "ended", "refused"]); // the browser still has its cookie
    expect(site.errors).toEqual([]);
  });

  test("lists and clears", async () => {
    await using handler = createMemoryHandler();
    const store = wrap(createExpressStore(handler));
    await store.set("a", { cookie: { originalMaxAge: null } } as never);
    await store.touch("a", { cookie: { originalMaxAge: null } } as never);
    expect(await store.get("a")).toBeDefined();
    expect(await store.ids?.()).toEqual(["a"]);
    expect(await store.all?.()).toHaveLength(1);
    expect(await store.length?.()).toBe(1);
    await store.clear?.();
    expect(await store.length?.()).toBe(0);
    await store.destroy("a");
  });
});
