import { createSessionManager, expressFormat } from "sessionwire";
import { createExpressStore, type ExpressStoreOptions } from "sessionwire/express";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type ExpressVisit, startExpressSite } from "./express-site.ts";
import { startFastifySite } from "./fastify-site.ts";
import { type Browser, changing, changingCookie, hold, type Page, type Site } from "./site.ts";
import {
  attributesIn,
  commandsDuring,
  createLeapingClock,
  openKinds,
  plainCookie,
  putInto,
  storedIn,
} from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const [, [, openRedis]] = kinds as [unknown, (typeof kinds)[number]];
const day = 86_400;

describe.each(kinds)("the cookie of a session on %s", (_, openHandler) => {
  test("is stored when only its maximal age has changed, for which express-session only touches", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const browser = await signIn(site);
    await browser.visit(changingCookie({ maxAge: 30 * day * 1000 }));
    const { cookie } = (await storedIn(handler, browser.id)) ?? {};
    expect(Math.ceil((cookie as { originalMaxAge: number }).originalMaxAge / 1000)).toBe(30 * day);
    const { body } = await browser.visit(({ cookie, session }) => [session.user, cookie.originalMaxAge]);
    expect(body).toEqual(["Ann", expect.closeTo(30 * day * 1000, -3)]);
  });

  test.each([{ httpOnly: false }, { sameSite: "lax" }, { domain: "example.org" }, { path: "/shop" }])(
    "is stored when only this has changed: %o",
    async (members) => {
      const handler = openHandler();
      await using site = await startExpressSite(createExpressStore(handler));
      const browser = await signIn(site);
      await browser.visit(changingCookie(members));
      expect((await storedIn(handler, browser.id))?.cookie).toMatchObject(members);
    },
  );

  test("is kept by a request that concurrently changes something else", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler), { resave: true });
    const browser = await signIn(site);
    const late = await Promise.all([hold(browser, changing({ late: 1 })), hold(browser, () => {})]);
    await browser.visit(changingCookie({ maxAge: 5000_000 }));
    await Promise.all(late.map(({ go }) => go()));
    expect(await storedIn(handler, browser.id)).toMatchObject({
      user: "Ann",
      late: 1,
      cookie: { originalMaxAge: expect.closeTo(5000_000, -3) },
    });
  });

  test.each([
    ["0", 0],
    ["negative", -1000],
    ["in the far past", -1e12],
  ])("ends the session by a maximal age that is %s, changed alone or with something else", async (_, maxAge) => {
    for (const given of [undefined, 10_000_000]) {
      for (const isAlone of [true, false]) {
        const handler = openHandler();
        await using site = await startExpressSite(createExpressStore(handler));
        const browser = await signIn(site, given);
        const { id } = browser;
        await browser.visit(({ cookie, session }) => {
          cookie.maxAge = maxAge;
          if (!isAlone) session.late = 1;
        });
        expect([given, isAlone, await attributesIn(handler, id)]).toEqual([given, isAlone, undefined]);
        expect((await site.open(browser.cookie).visit(({ session }) => session.user)).body).toBe(null);
        expect(site.errors).toEqual([]);
      }
    }
  });

  test("ends the session by a maximal age below a second, which is too short for the time to live of a store", async () => {
    const store = createExpressStore(openHandler());
    await using site = await startExpressSite(store);
    const browser = await signIn(site, 20);
    await vi.waitUntil(async () => (await store.get(browser.id)) === undefined, { timeout: 900, interval: 5 });
    const { body, setsCookie } = await browser.visit(changing({ user: "Bea" }));
    expect([body, setsCookie, site.errors]).toEqual([null, true, []]);
  });

  test("may have names that express-session does not store, without an error or an effect", async () => {
    const handler = openHandler();
    const members = '"__proto__":{"admin":true},"serialize":1,"toJSON":1,"data":1,"maxAge":"1","originalMaxAge":"1"';
    for (const start of [startExpressSite, startFastifySite]) {
      await using site = await start(createExpressStore(handler));
      const browser = site.open();
      await browser.visit(changing({ user: "Ann" }));
      await putInto(handler, browser.id, `{"cookie":{"path":"/",${members}},"user":"Ann"}`);
      const look: Page = ({ cookie, session }) => [session.user, Reflect.get(cookie, "admin") ?? "none"];
      for (const _ of "12") expect(await browser.visit(look)).toMatchObject({ status: 200, body: ["Ann", "none"] });
      await browser.visit(changing({ more: 1 }));
      expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", more: 1 });
      await browser.visit(changingCookie({ maxAge: 5000_000 }));
      expect((await browser.visit(look)).body).toEqual(["Ann", "none"]);
      expect(site.errors).toEqual([]);
    }
  });

  test("creates no session by a maximal age of 0 or less", async () => {
    for (const maxAge of [0, -1, -1000]) {
      const handler = openHandler();
      await using site = await startExpressSite(createExpressStore(handler));
      const browser = await signIn(site, maxAge);
      expect(await storedIn(handler, browser.id)).toBe(undefined);
      expect(site.errors).toEqual([]);
    }
  });

  test("may be without an end, which express-session spells as false", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const browser = await signIn(site, 1000_000);
    await browser.visit(changingCookie({ expires: false }));
    const { cookie } = (await storedIn(handler, browser.id)) ?? {};
    expect(Boolean((cookie as { originalMaxAge: unknown }).originalMaxAge)).toBe(false);
    expect((await browser.visit(({ session }) => session.user)).body).toBe("Ann");
  });

  test.each([[9e15], [1e20], [-1e20], [0.5]])(
    "may have an age of %s ms, as another program may store it",
    async (originalMaxAge) => {
      const handler = openHandler();
      await using site = await startExpressSite(createExpressStore(handler));
      const browser = await signIn(site);
      const text = JSON.stringify({ cookie: { ...plainCookie, originalMaxAge }, user: "Ann" });
      await putInto(handler, browser.id, text);
      const expected = originalMaxAge > 0 ? "Ann" : null;
      expect(await browser.visit(({ session }) => session.user)).toMatchObject({ status: 200, body: expected });
      expect(site.errors).toEqual([]);
    },
  );

  test("shows the time it has from now on, not from the last change", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const browser = await signIn(site, 1000_000);
    const stale = { ...plainCookie, originalMaxAge: 1000_000, expires: "2020-01-01T00:00:00.000Z" };
    await putInto(handler, browser.id, JSON.stringify({ cookie: stale, user: "Ann" }));
    const { body } = await browser.visit(({ cookie, session }) => [session.user, cookie.maxAge]);
    expect(body).toEqual(["Ann", expect.closeTo(1000_000, -4)]);
  });
});

describe("on Redis", () => {
  test.each([
    [undefined, day],
    [1, 1],
    [1000, 1],
    [1001, 2],
    [90_500, 91],
    [30 * day * 1000, 30 * day],
  ])("a session with the maximal age %s is stored for %s s", async (maxAge, seconds) => {
    // In a cookie that was stored, for express-session recomputes the age as time goes by.
    const handler = openRedis();
    const store = createExpressStore(handler);
    const id = crypto.randomUUID();
    const cookie = { ...plainCookie, originalMaxAge: maxAge ?? null };
    await store.set(id, { cookie, user: "Ann" } as never);
    const milliseconds = Number(await server.command("pttl", `sess:${id}`));
    expect(Math.ceil(milliseconds / 1000)).toBeGreaterThan(seconds - 20);
    expect(milliseconds).toBeLessThanOrEqual(seconds * 1000);
  });

  test("the time to live of a session without a maximal age is idleTimeoutSeconds", async () => {
    const { site } = openSite({ idleTimeoutSeconds: 5000 });
    await using opened = await site;
    const browser = await signIn(opened);
    expect(await ttlOf(browser.id)).toBe(5000);
  });

  test("the time to live is set by a changed maximal age, and restarted by a use", async () => {
    const { site } = openSite({ touchEverySeconds: 0 });
    await using opened = await site;
    const browser = await signIn(opened);
    expect(await ttlOf(browser.id)).toBe(day);
    await browser.visit(changingCookie({ maxAge: 500_000 }));
    expect(await ttlOf(browser.id)).toBe(500);
    await server.command("expire", `sess:${browser.id}`, "100");
    await browser.visit(() => {});
    expect(await ttlOf(browser.id)).toBe(500);
  });

  test("the time to live is not reset by a request that opened the session before its maximal age was changed", async () => {
    const handler = openRedis();
    await using site = await startExpressSite(createExpressStore(handler));
    await using elsewhere = await startExpressSite(createExpressStore(handler));
    for (const seconds of [30 * day, 60]) {
      const browser = await signIn(site);
      const late = await hold(elsewhere.open(browser.cookie), () => {});
      await browser.visit(changingCookie({ maxAge: seconds * 1000 }));
      await late.go();
      expect(await ttlOf(browser.id)).toBe(seconds);
    }
  });

  test("an unchanged request sends one GET, and in all at most one GETEX within touchEverySeconds", async () => {
    const { site } = openSite({});
    await using opened = await site;
    const browser = await signIn(opened);
    const afterWrite = await commandsDuring(server, browser.id, () => browser.visit(() => {}));
    expect(afterWrite).toEqual(["get"]);
    await using fresh = await openSite({}).site; // has not seen it yet
    const other = fresh.open(browser.cookie);
    const sent = await commandsDuring(server, browser.id, async () => {
      for (const _ of "12345") await other.visit(({ session }) => session.user);
    });
    expect(sent).toEqual(["get", "getex", "get", "get", "get", "get"]);
  });

  test("an unchanged request sends nothing more with resave or by a save of its own", async () => {
    const { site } = openSite({}, { resave: true });
    await using opened = await site;
    const browser = await signIn(opened);
    expect(await commandsDuring(server, browser.id, () => browser.visit((visit) => visit.save()))).toEqual(["get"]);
  });

  test("an unchanged request sends one GETEX each with touchEverySeconds 0", async () => {
    const { site } = openSite({ touchEverySeconds: 0 });
    await using opened = await site;
    const browser = await signIn(opened);
    const sent = await commandsDuring(server, browser.id, async () => {
      for (const _ of "123") await browser.visit(() => {});
    });
    expect(sent).toEqual(["get", "getex", "get", "getex", "get", "getex"]);
  });

  test.each([
    [100, 10],
    [10_000, 60],
    [undefined, 60],
  ])("a session with %s s to live is kept alive every %s s at most", async (seconds, window) => {
    const clock = createLeapingClock();
    const sessions = createSessionManager({ handler: openRedis(), format: expressFormat(), clock });
    await using site = await startExpressSite(createExpressStore(sessions));
    const browser = await signIn(site, seconds && seconds * 1000);
    const sent = await commandsDuring(server, browser.id, async () => {
      clock.leap(window * 900);
      await browser.visit(({ session }) => session.user);
      clock.leap(window * 100);
      await browser.visit(({ session }) => session.user);
      await browser.visit(({ session }) => session.user);
    });
    expect(sent).toEqual(["get", "get", "getex", "get"]);
  });

  test("a changed request sends one GET and one script, and one more script for each conflict", async () => {
    const { site } = openSite({ touchEverySeconds: 0 });
    await using opened = await site;
    const browser = await signIn(opened);
    const change = ({ session }: ExpressVisit) => {
      session.n = Number(session.n ?? 0) + 1;
    };
    const alone = await commandsDuring(server, browser.id, () => browser.visit(change));
    expect(alone).toEqual(["get", "script"]);

    await using elsewhere = await openSite({}).site;
    const late = await hold(browser, change);
    await elsewhere.open(browser.cookie).visit(changing({ other: 1 }));
    expect(await commandsDuring(server, browser.id, () => late.go())).toEqual(["script", "script"]);

    const tooLate = await hold(browser, change);
    await server.command("del", `sess:${browser.id}`);
    expect(await commandsDuring(server, browser.id, () => tooLate.go())).toEqual(["script"]);
  });

  test("a request that changes only the maximal age sends one script and no GETEX", async () => {
    const { site } = openSite({ touchEverySeconds: 0 });
    await using opened = await site;
    const browser = await signIn(opened);
    const sent = await commandsDuring(server, browser.id, () => browser.visit(changingCookie({ maxAge: 500_000 })));
    expect(sent).toEqual(["get", "script"]);
  });

  test("an end spelled in different ways is no change", async () => {
    const { site } = openSite({});
    await using opened = await site;
    const browser = await signIn(opened);
    for (const members of [{ expires: false }, { maxAge: null }, { expires: undefined }, { secure: false }] as const) {
      const sent = await commandsDuring(server, browser.id, () => browser.visit(changingCookie(members)));
      expect(sent).toEqual(["get"]);
    }
  });

  test("an age that drifts by some milliseconds when it is recomputed is no change", async () => {
    const { site } = openSite({ touchEverySeconds: 0 });
    await using opened = await site;
    const browser = await signIn(opened, 500_000);
    const stored = await server.command("get", `sess:${browser.id}`);
    const sent = await commandsDuring(server, browser.id, () =>
      browser.visit(({ cookie }) => {
        cookie.originalMaxAge = Number(cookie.originalMaxAge) - 7;
      }),
    );
    expect(sent).toEqual(["get", "getex"]);
    expect(await server.command("get", `sess:${browser.id}`)).toBe(stored);
  });

  test("drifts do not add up over many changes", async () => {
    const { handler, site } = openSite({});
    await using opened = await site;
    const browser = await signIn(opened, 500_000);
    const { cookie: before } = (await storedIn(handler, browser.id)) ?? {};
    for (let n = 1; n <= 20; n += 1) {
      await browser.visit(async (visit) => {
        visit.session.n = n;
        visit.cookie.originalMaxAge = Number(visit.cookie.originalMaxAge) - 200;
        await visit.save();
        visit.cookie.originalMaxAge = Number(visit.cookie.originalMaxAge) - 200;
      });
    }
    const { cookie: after, n } = (await storedIn(handler, browser.id)) ?? {};
    expect(n).toBe(20);
    const ageOf = (cookie: unknown) => (cookie as { originalMaxAge: number }).originalMaxAge;
    expect(ageOf(after)).toBe(ageOf(before));
  });

  function openSite(options: ExpressStoreOptions, middleware: { readonly resave?: boolean } = {}) {
    const handler = openRedis();
    return { handler, site: startExpressSite(createExpressStore(handler, options), middleware) };
  }
});

/** Rounded up, as a second may be under way. */
async function ttlOf(id: string): Promise<number> {
  return Math.ceil(Number(await server.command("pttl", `sess:${id}`)) / 1000);
}

async function signIn(site: Site<ExpressVisit>, maxAge?: number): Promise<Browser<ExpressVisit>> {
  const browser = site.open();
  await browser.visit(({ cookie, session }) => {
    session.user = "Ann";
    if (maxAge !== undefined) cookie.maxAge = maxAge;
  });
  return browser;
}
