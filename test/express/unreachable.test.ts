// @module-tag real-time

import { type NetworkedSessionHandler, withConnectionCheck } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { expectNoEscapes } from "../redis/escapes.ts";
import { isPendingAfter, timed } from "../redis/settling.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
import { type ExpressVisit, startExpressSite } from "./express-site.ts";
import { type Answer, type Browser, changing, hold, type Page, type Site } from "./site.ts";
import { openConnectRedis } from "./stores.ts";

expectNoEscapes();

const timeoutMs = 300;
const limits = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 500 };
/** What a request may take in all, on a busy machine: a read, and a check before it. */
const deadlineMs = timeoutMs + limits.pingTimeoutMs + limits.reconnectTimeoutMs + 1500;
const watchMs = 1000;

interface Scene {
  readonly server: RedisServer;
  readonly proxy: FaultProxy;
}

interface Fault {
  readonly name: string;
  begin(scene: Scene): void;
  end(scene: Scene): void;
}

const faults: readonly Fault[] = [
  {
    name: "whose process is stopped",
    begin: ({ server }) => server.freeze(),
    end: ({ server }) => server.thaw(),
  },
  {
    name: "whose connections are silent, old and new",
    begin({ proxy }) {
      proxy.silence();
      proxy.newConnections = "silent";
    },
    end: ({ proxy }) => proxy.heal(),
  },
  {
    name: "that refuses connections",
    begin({ proxy }) {
      proxy.newConnections = "refuse";
      proxy.resetAll();
    },
    end({ proxy }) {
      proxy.newConnections = "pass";
    },
  },
  {
    name: "whose replies are lost",
    begin: ({ proxy }) => proxy.dropReplies(true),
    end({ proxy }) {
      proxy.dropReplies(false);
      proxy.heal();
    },
  },
];

const decorations: readonly (readonly [string, (handler: NetworkedSessionHandler) => NetworkedSessionHandler])[] = [
  ["without a connection check", (handler) => handler],
  ["with one", (handler) => withConnectionCheck(handler, limits)],
];

const read: Page = ({ session }) => session.user;
const visits: readonly (readonly [string, Page])[] = [
  ["reads", read],
  ["changes", changing({ late: 1 })],
  ["signs out", (visit) => visit.destroy()],
  ["moves to a new id", (visit) => visit.regenerate()],
];

describe.concurrent.each(faults)("a server $name", (fault) => {
  test("leaves requests hanging with connect-redis", async () => {
    await using scene = await openScene();
    await using store = await openConnectRedis(scene.proxy.url);
    await using site = await startExpressSite(store);
    const browser = await signIn(site);
    fault.begin(scene);
    expect(await isPendingAfter(watchMs, browser.visit(read))).toBe(true);
    fault.end(scene);
  });

  test.each(decorations)("is an error of each request %s, in time; nobody is signed out", async (_, decorate) => {
    await using scene = await openScene();
    const store = createExpressStore(decorate(createRedisHandler(scene.proxy.url, { timeoutMs })));
    await using site = await startExpressSite(store, { saveUninitialized: true, rolling: true, resave: true });
    const browser = await signIn(site);
    const { cookie } = browser;
    fault.begin(scene);

    for (const [name, page] of visits) {
      const { value, ms } = await timed(browser.visit(page));
      expect([name, value]).toEqual([name, refusal]);
      expect(ms).toBeLessThan(deadlineMs);
    }
    const together = await timed(Promise.all(Array.from({ length: 20 }, () => browser.visit(read))));
    expect(together.value).toEqual(Array.from({ length: 20 }, () => refusal));
    expect(together.ms).toBeLessThan(deadlineMs);
    expect(site.errors).toHaveLength(visits.length + 20);

    fault.end(scene);
    await recovered(browser);
    expect(await browser.visit(read)).toMatchObject({ status: 200, body: "Ann" });
    expect(browser.cookie).toBe(cookie);
    expect(site.errors).toEqual(site.errors.map(() => expect.objectContaining({ code: expect.any(String) })));
    await store.sessions.close();
  });

  test.each(decorations)("is an error of a running request %s, in time", async (_, decorate) => {
    await using scene = await openScene();
    const store = createExpressStore(decorate(createRedisHandler(scene.proxy.url, { timeoutMs })));
    await using site = await startExpressSite(store, { resave: false });
    const browser = await signIn(site);
    const { id } = browser;
    const saving: Page = async (visit) => {
      visit.session.saved = 1;
      await visit.save();
    };
    const destroying: Page = (visit) => visit.destroy();
    const held = await Promise.all([changing({ late: 1 }), saving, destroying].map((page) => hold(browser, page)));
    fault.begin(scene);

    const { value, ms } = await timed(Promise.all(held.map(({ go }) => go().catch(() => undefined))));
    expect(ms).toBeLessThan(2 * deadlineMs); // one that saves by itself does so again at its end
    const [changed, saved, destroyed] = value;
    expect(changed?.setsCookie).toBe(false);
    expect(saved).toEqual(refusal);
    expect(destroyed).toEqual(refusal);
    // Those of the end of a request come after the response.
    await vi.waitUntil(() => site.errors.length === held.length);
    expect(site.errors).toEqual(site.errors.map(() => expect.objectContaining({ outcome: expect.any(String) })));

    fault.end(scene);
    await recovered(browser);
    expect(browser.id).toBe(id);
    await store.sessions.close();
  });
});

test.concurrent("a silently dropped connection costs a request with a connection check a moment, and nothing else", async () => {
  await using scene = await openScene();
  const store = createExpressStore(withConnectionCheck(createRedisHandler(scene.proxy.url, { timeoutMs }), limits));
  await using site = await startExpressSite(store);
  await using theirStore = await openConnectRedis(scene.proxy.url);
  await using theirs = await startExpressSite(theirStore);
  const [browser, bare] = [await signIn(site), await signIn(theirs)];
  for (const page of [read, changing({ more: 1 }), read]) {
    await browser.visit(read);
    scene.proxy.silence();
    const { value, ms } = await timed(browser.visit(page));
    expect(value).toMatchObject({ status: 200, setsCookie: false });
    expect(ms).toBeLessThan(deadlineMs);
  }
  expect(await browser.visit(({ session }) => [session.user, session.more])).toMatchObject({ body: ["Ann", 1] });
  expect(site.errors).toEqual([]);
  expect(await isPendingAfter(watchMs, bare.visit(read))).toBe(true);
  await store.sessions.close();
});

test.concurrent("a change whose reply is lost is kept for another save, and made once", async () => {
  await using scene = await openScene();
  const store = createExpressStore(createRedisHandler(scene.proxy.url, { timeoutMs }));
  await using site = await startExpressSite(store);
  const browser = await signIn(site);
  const { body } = await browser.visit(async (visit) => {
    visit.session.more = 1;
    scene.proxy.dropReplies(true);
    const outcome = await visit.save().catch((error) => error.outcome);
    scene.proxy.heal();
    await vi.waitUntil(() =>
      visit.save().then(
        () => true,
        () => false,
      ),
    );
    return outcome;
  });
  expect(body).toBe("unknown");
  expect(await browser.visit(({ session }) => [session.user, session.more])).toMatchObject({ body: ["Ann", 1] });
  await store.sessions.close();
});

/** An error that says what it is, and no cookie: neither a new one nor the old one again. */
const refusal: Answer = {
  status: 500,
  body: { code: expect.stringMatching(/^(timeout|unavailable)$/) },
  setsCookie: false,
};

async function openScene(): Promise<Scene & AsyncDisposable> {
  const server = await startRedis();
  const proxy = await startProxy(server);
  return {
    server,
    proxy,
    async [Symbol.asyncDispose]() {
      await proxy.close();
      await server.stop();
    },
  };
}

/**
 * A handler that nobody checks finds out by one call more that its connection is gone; and express resets the browser's, when
 * an error comes after the response.
 */
async function recovered(browser: Browser<ExpressVisit>): Promise<void> {
  await vi.waitUntil(async () => (await browser.visit(() => {}).catch(() => undefined))?.status === 200, {
    timeout: 10_000,
  });
}

async function signIn(site: Site<ExpressVisit>): Promise<Browser<ExpressVisit>> {
  const browser = site.open();
  await browser.visit(changing({ user: "Ann" }));
  return browser;
}
