import { createExpressStore, type ExpressStoreOptions } from "sessionwire/express";
import { afterEach, describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { cookieOf, startExpressSite } from "./express-site.ts";
import { type FastifyStore, type FastifyVisit, startFastifySite } from "./fastify-site.ts";
import { type Browser, changing, changingCookie, hold, overlap, type Page, type Site } from "./site.ts";
import { attributesIn, commandsDuring, openConnectRedis, openKinds, putInto, storedIn, textIn } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const [, [, openRedis]] = kinds as [unknown, (typeof kinds)[number]];
const names = Array.from({ length: 20 }, (_, place) => `attribute${place}`);
const read: Page = ({ session }) => session.user ?? "nobody";
const signOut: Page = (visit) => visit.destroy();
const changeAndSave: Page = async (visit) => {
  visit.session.late = 1;
  await visit.save();
  visit.session.later = 1;
};
const signInAnew: Page = async (visit) => {
  await visit.regenerate();
  visit.session.user = "Bea";
};

afterEach(() => {
  vi.useRealTimers();
});

test("@fastify/session loses changes of overlapping requests with connect-redis, and brings ended sessions back", async () => {
  await using store = await openConnectRedis(server.url);
  await using site = await startFastifySite(store as unknown as FastifyStore); // its types take no session of fastify
  const browser = await signIn(site);
  await overlap(browser, [changing({ a: 1 }), changing({ b: 1 }), () => {}]);
  const answer = await browser.visit(({ session }) => [session.user, session.a ?? 0, session.b ?? 0]);
  expect(answer.body).toEqual(["Ann", 0, 0]);
  const late = await hold(site.open(browser.cookie), () => {});
  const stolen = site.open(browser.cookie);
  await browser.visit(signOut);
  await late.go();
  expect((await stolen.visit(read)).body).toBe("Ann");
});

describe.each(kinds)("@fastify/session on %s", (_, openHandler) => {
  async function open(options: Parameters<typeof startFastifySite>[1] = {}, storeOptions: ExpressStoreOptions = {}) {
    const handler = openHandler();
    const store = createExpressStore(handler, storeOptions);
    return { handler, store, site: await startFastifySite(store, options) };
  }

  test.each([[true], [false]])("loses nothing of different attributes, with rolling %s", async (rolling) => {
    const { handler, site } = await open({ rolling });
    await using _ = site;
    const browser = await signIn(site, { doomed: 1 });
    await overlap(browser, [
      ...names.map((name) => changing({ [name]: 1 })),
      ({ session }) => void delete session.doomed,
      () => {},
    ]);
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", ...all });
  });

  test("loses nothing when all save at the same time, with changes in place", async () => {
    const { handler, site } = await open();
    await using _ = site;
    const browser = await signIn(site, { lists: Object.fromEntries(names.map((name) => [name, [0]])), tags: ["a"] });
    const held = await Promise.all([
      ...names.map((name) => hold(browser, changing({ [name]: 1 }))),
      hold(browser, ({ session }) => void (session.tags as string[]).push("b")),
    ]);
    await Promise.all(held.map(({ go }) => go()));
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toMatchObject({ ...all, tags: ["a", "b"] });
  });

  test.each([
    ["changes something", changing({ late: 1 })],
    ["saves by itself, and at its end", changeAndSave],
    ["changes nothing, and is saved as sessions roll", () => {}],
    ["changes the maximal age", changingCookie({ maxAge: 5_000_000 })],
    ["reloads, and changes something", reloadAndChange],
  ])("keeps a session dead that was signed out while a request was under way that %s", async (_, page) => {
    const { handler, site } = await open();
    await using __ = site;
    const ids = await Promise.all(
      Array.from({ length: 100 }, async () => {
        const browser = await signIn(site);
        const { id } = browser;
        const late = await hold(site.open(browser.cookie), page);
        await browser.visit(signOut);
        await late.go();
        expect((await browser.visit(read)).body).toBe("nobody");
        return id;
      }),
    );
    const left = await Promise.all(ids.map((id) => textIn(handler, id)));
    expect(left.filter((text) => text !== undefined)).toEqual([]);
  });

  test("keeps a session dead that was signed out before the end of the request that created it", async () => {
    const { handler, store, site } = await open();
    await using _ = site;
    const ids: string[] = [];
    await site.open().visit(async (visit) => {
      visit.session.user = "Ann";
      await visit.save();
      ids.push(visit.id);
      await store.destroy(visit.id);
      visit.session.late = 1;
    });
    expect(await attributesIn(handler, ids[0] ?? "")).toBe(undefined);
  });

  test("moves to a new id with the kept data; the old id stays dead", async () => {
    const { handler, site } = await open();
    await using _ = site;
    const browser = await signIn(site, { cart: [1] });
    const { id } = browser;
    const late = await Promise.all([
      hold(site.open(browser.cookie), changeAndSave),
      hold(site.open(browser.cookie), () => {}),
    ]);
    await browser.visit(async ({ request }) => request.session.regenerate(["cart"]));
    await Promise.all(late.map(({ go }) => go()));
    expect(await attributesIn(handler, id)).toBe(undefined);
    expect(browser.id).not.toBe(id);
    expect(await attributesIn(handler, browser.id)).toEqual({ cart: [1] });
    await browser.visit(signInAnew);
    await overlap(browser, [changing({ a: 1 }), changing({ b: 1 })]);
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Bea", a: 1, b: 1 });
  });

  test("sees changes by others after a reload, and continues from there", async () => {
    const { handler, site } = await open();
    await using _ = site;
    const browser = await signIn(site, { n: 1 });
    const held = await hold(browser, async (visit) => {
      await visit.reload();
      visit.session.n = Number(visit.session.n) + 1;
      return visit.session.other;
    });
    await site.open(browser.cookie).visit(changing({ n: 5, other: 1 }));
    expect((await held.go()).body).toBe(1);
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", n: 6, other: 1 });
  });

  test("stores a change of only the maximal age", async () => {
    const { handler, site } = await open({ rolling: true });
    await using _ = site;
    const browser = await signIn(site);
    await browser.visit(changingCookie({ maxAge: 5_000_000 }));
    expect(await storedIn(handler, browser.id)).toMatchObject({ cookie: { originalMaxAge: 5_000_000 } });
    await browser.visit(({ request }) => request.session.options({ maxAge: 7_000_000 }));
    expect(await storedIn(handler, browser.id)).toMatchObject({ cookie: { originalMaxAge: 7_000_000 }, user: "Ann" });
  });

  test("keeps a session in steady use beyond its first end", async () => {
    vi.useFakeTimers({ toFake: ["Date"] });
    const { site } = await open({ cookie: { secure: false, maxAge: 1000_000 } }, { touchEverySeconds: 0 });
    await using _ = site;
    const browser = await signIn(site);
    const { id } = browser;
    for (const page of [read, read, changing({ more: 1 }), read, read]) {
      vi.setSystemTime(Date.now() + 600_000);
      expect((await browser.visit(page)).status).toBe(200);
    }
    expect((await browser.visit(read)).body).toBe("Ann");
    expect(browser.id).toBe(id);
  });

  test("keeps a session whose stored end is past, because it was only touched", async () => {
    const { handler, site } = await open();
    await using _ = site;
    const browser = await signIn(site);
    const past = "2020-01-01T00:00:00.000Z";
    const cookie = {
      path: "/",
      httpOnly: true,
      secure: false,
      originalMaxAge: 1000_000,
      expires: past,
      originalExpires: past,
    };
    await putInto(handler, browser.id, JSON.stringify({ cookie, user: "Ann" }));
    expect((await browser.visit(read)).body).toBe("Ann");
    await browser.visit(changing({ more: 1 }));
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", more: 1 });
  });

  test("reports with code gone that a session has ended, if configured", async () => {
    const { site } = await open({}, { onGone: "error" });
    await using _ = site;
    const browser = await signIn(site);
    const late = await hold(site.open(browser.cookie), changing({ late: 1 }));
    await browser.visit(signOut);
    expect(await late.go()).toMatchObject({ status: 500, body: { code: "gone" }, setsCookie: false });
  });

  test("answers an unreadable record with an error, and leaves it as it is", async () => {
    const { handler, site } = await open();
    await using _ = site;
    const browser = await signIn(site);
    await putInto(handler, browser.id, '{"user":"Ann"}');
    expect(await browser.visit(read)).toEqual({ status: 500, body: { code: "corrupt" }, setsCookie: false });
    expect(await textIn(handler, browser.id)).toBe('{"user":"Ann"}');
  });
});

describe("@fastify/session on Redis", () => {
  test("sends one GET for a request that only reads, although it always saves, and at most one GETEX in a while", async () => {
    await using site = await startFastifySite(createExpressStore(openRedis()));
    const browser = await signIn(site);
    await using fresh = await startFastifySite(createExpressStore(openRedis()));
    const other = fresh.open(browser.cookie);
    const sent = await commandsDuring(server, browser.id, async () => {
      for (const _ of "123") await other.visit(read);
    });
    expect(sent).toEqual(["get", "getex", "get", "get"]);
  });

  test.each([
    ["by itself", undefined],
    ["by itself, with a maximal age", { originalMaxAge: 1000_000, path: "/", httpOnly: true, secure: false }],
    ["by express-session", { originalMaxAge: null, expires: null, httpOnly: true, path: "/" }],
    [
      "by express-session, with a maximal age",
      { originalMaxAge: 1000_000, expires: new Date(0), httpOnly: true, path: "/" },
    ],
    ["by another program", { path: "/", domain: "", sameSite: false, httpOnly: true }],
  ])("writes nothing for a request that only reads a session stored %s", async (_, cookie) => {
    const handler = openRedis();
    await using site = await startFastifySite(createExpressStore(handler));
    const browser = await signIn(site);
    if (cookie) await putInto(handler, browser.id, JSON.stringify({ cookie, user: "Ann" }));
    const sent = await commandsDuring(server, browser.id, async () => {
      for (const _ of "12") expect((await browser.visit(read)).body).toBe("Ann");
    });
    expect(sent).toEqual(["get", "get"]);
  });

  test("sends one GET and one script for a request that changes the session", async () => {
    await using site = await startFastifySite(createExpressStore(openRedis()));
    const browser = await signIn(site, {});
    expect(await commandsDuring(server, browser.id, () => browser.visit(changing({ a: 1 })))).toEqual([
      "get",
      "script",
    ]);
  });

  test("stores sessions for their maximal age, rounded up", async () => {
    const store = createExpressStore(openRedis());
    await using site = await startFastifySite(store, { cookie: { secure: false, maxAge: 90_500 } });
    const browser = await signIn(site);
    const milliseconds = Number(await server.command("pttl", `sess:${browser.id}`));
    expect(Math.ceil(milliseconds / 1000)).toBe(91);
  });

  test("shares its sessions with express-session", async () => {
    const handler = openRedis();
    await using one = await startFastifySite(createExpressStore(handler), {
      cookie: { secure: false, maxAge: 1000_000 },
    });
    await using other = await startExpressSite(createExpressStore(handler));
    const browser = await signIn(one);
    const late = await hold(browser, changing({ fastify: 1 }));
    await other.open(cookieOf(browser.id)).visit(changing({ express: 1 }));
    await late.go();
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", express: 1, fastify: 1 });
  });
});

async function reloadAndChange(visit: Parameters<Page>[0]): Promise<void> {
  await visit.reload();
  visit.session.late = 1;
}

async function signIn(site: Site<FastifyVisit>, more: object = {}): Promise<Browser<FastifyVisit>> {
  const browser = site.open();
  await browser.visit(changing({ user: "Ann", ...more }));
  return browser;
}
