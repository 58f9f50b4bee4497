import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { called, type ExpressVisit, startExpressSite } from "./express-site.ts";
import { type Browser, changing, changingCookie, hold, type Page, type Site } from "./site.ts";
import { attributesIn, openConnectRedis, openKinds } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const times = 100;

const change = changing({ late: 1 });
const changeAndSave: Page = async (visit) => {
  visit.session.late = 1;
  await visit.save();
};
const saveTwice: Page = async (visit) => {
  await changeAndSave(visit);
  visit.session.later = 1;
};
const changeMaxAge = changingCookie({ maxAge: 1_000_000 });
const nothing: Page = () => {};
const signOut: Page = (visit) => visit.destroy();
const signInAnew: Page = async (visit) => {
  await visit.regenerate();
  visit.session.user = "Bea";
};

test("connect-redis revives a session that was signed out during a request, and one that was left for a new id", async () => {
  await using store = await openConnectRedis(server.url);
  await using site = await startExpressSite(store);
  for (const end of [signOut, signInAnew]) {
    const browser = await signIn(site);
    const late = await hold(browser, change);
    const stolen = site.open(browser.cookie);
    await browser.visit(end);
    await late.go();
    expect((await stolen.visit(({ session }) => session.user)).body).toBe("Ann");
  }
});

describe.each(kinds)("a request under way on %s", (_, openHandler) => {
  test.each([
    ["has changed something", change, false],
    ["has changed something, with resave", change, true],
    ["saves by itself", changeAndSave, false],
    ["saves by itself, with resave", changeAndSave, true],
    ["saves by itself and once more at its end", saveTwice, false],
    ["has changed the maximal age", changeMaxAge, false],
    ["has changed nothing", nothing, false],
    ["has changed nothing, with resave", nothing, true],
  ])(
    `that %s never brings a session back that was signed out: ${times} of ${times} stay dead (law 92)`,
    async (_, page, resave) => {
      const handler = openHandler();
      await using site = await startExpressSite(createExpressStore(handler), { resave });
      const ids = await Promise.all(
        Array.from({ length: times }, async () => {
          const browser = await signIn(site);
          const late = await hold(browser, page);
          await browser.visit(signOut);
          expect((await late.go()).status).toBe(200);
          expect((await browser.visit(({ session }) => session.user)).body).toBe(null);
          return browser.id;
        }),
      );
      expect(new Set(ids).size).toBe(times);
      const left = await Promise.all(ids.map((id) => attributesIn(handler, id)));
      expect(left.filter((attributes) => attributes !== undefined)).toEqual([]);
      expect(site.errors).toEqual([]);
    },
  );

  test("that saves during the sign-out never revives the session, whichever is first", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler), { resave: true });
    const left = await Promise.all(
      Array.from({ length: times }, async () => {
        const browser = await signIn(site);
        const { id } = browser;
        const held = await Promise.all([saveTwice, signOut, changeAndSave].map((page) => hold(browser, page)));
        await Promise.all(held.map(({ go }) => go()));
        return attributesIn(handler, id);
      }),
    );
    expect(left.filter((attributes) => attributes !== undefined)).toEqual([]);
  });

  test("in another process never revives a session either", async () => {
    const handler = openHandler();
    await using one = await startExpressSite(createExpressStore(handler));
    await using other = await startExpressSite(createExpressStore(handler), { resave: true });
    const browser = await signIn(one);
    const late = await Promise.all([hold(browser, saveTwice), hold(other.open(browser.cookie), saveTwice)]);
    await browser.visit(signOut);
    await Promise.all(late.map(({ go }) => go()));
    expect(await attributesIn(handler, browser.id)).toBe(undefined);
  });

  test(`never revives an id that another request has left for a new one: ${times} of ${times} stay dead`, async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    await Promise.all(
      Array.from({ length: times }, async () => {
        const browser = await signIn(site);
        const previousId = browser.id;
        const late = await Promise.all([change, saveTwice].map((page) => hold(browser, page)));
        await browser.visit(signInAnew);
        await Promise.all(late.map(({ go }) => go()));
        expect(browser.id).not.toBe(previousId);
        expect(await attributesIn(handler, previousId)).toBe(undefined);
        expect(await attributesIn(handler, browser.id)).toEqual({ user: "Bea" });
      }),
    );
  });

  test("that has moved to a new id ends the old one, and keeps its changes under the new one", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const browser = await signIn(site);
    const previousId = browser.id;
    const late = await hold(browser, signInAnew);
    await browser.visit(signOut);
    await late.go();
    expect(await attributesIn(handler, previousId)).toBe(undefined);
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Bea" });
  });

  test("that saved a session for the first time never revives it when it was signed out before the end of the request", async () => {
    const handler = openHandler();
    const store = createExpressStore(handler);
    await using site = await startExpressSite(store);
    const browser = site.open();
    await browser.visit(async (visit) => {
      visit.session.user = "Ann";
      await visit.save();
      await store.destroy(visit.id);
      visit.session.late = 1;
    });
    expect(await attributesIn(handler, browser.id)).toBe(undefined);
  });

  test('that saves an ended session gets the error with code gone only if onGone is "error"', async () => {
    const handler = openHandler();
    await using telling = await startExpressSite(
      createExpressStore(handler, { onGone: "error", touchEverySeconds: 0 }),
    );
    await using silent = await startExpressSite(
      createExpressStore(handler, { onGone: "ignore", touchEverySeconds: 0 }),
    );
    const tryTo = (act: (visit: ExpressVisit) => Promise<void>): Page<ExpressVisit> => {
      return async (visit) => {
        visit.session.late = 1;
        return act(visit).then(
          () => "saved",
          (error) => error.code,
        );
      };
    };
    const save = tryTo((visit) => visit.save());
    const touch = tryTo(({ id, request }) => called((done) => request.sessionStore.touch?.(id, request.session, done)));
    for (const page of [save, touch]) {
      expect(await afterSignOut(telling, page)).toBe("gone");
      expect(await afterSignOut(silent, page)).toBe("saved");
    }
    expect(silent.errors).toEqual([]);
    expect(telling.errors).toMatchObject([{ code: "gone" }, { code: "gone" }]); // of the saves at the end of the requests
  });

  test("is reported: ended by the sign-out, and again by each request that comes too late", async () => {
    const handler = openHandler();
    const [store, elsewhere] = [createExpressStore(handler), createExpressStore(handler)];
    await using site = await startExpressSite(store);
    const browser = await signIn(site);
    const { id } = browser;
    const late = await hold(browser, change);
    const [here, there]: [unknown[], unknown[]] = [[], []];
    store.sessions.subscribe(({ at, ...event }) => void here.push(event));
    elsewhere.sessions.subscribe(({ at, ...event }) => void there.push(event));
    await elsewhere.destroy(id);
    const key = `sess:${id}`;
    expect(there).toEqual([{ type: "ended", origin: "here", id, key, reason: "destroyed" }]);
    expect(here).toEqual([]);
    await late.go();
    expect(here).toEqual([{ type: "ended", origin: "here", id, key, reason: "gone" }]);
  });

  test("that moves to a new id is reported with both ids, before it is created", async () => {
    const store = createExpressStore(openHandler());
    await using site = await startExpressSite(store);
    const browser = await signIn(site);
    const previousId = browser.id;
    const events: unknown[] = [];
    store.sessions.subscribe(({ at, ...event }) => void events.push(event));
    await browser.visit(signInAnew);
    const { id } = browser;
    const [key, previousKey] = [`sess:${id}`, `sess:${previousId}`];
    expect(events).toEqual([
      { type: "regenerated", origin: "here", id, key, previousId, previousKey },
      { type: "created", origin: "here", id, key },
    ]);
  });
});

async function signIn(site: Site<ExpressVisit>): Promise<Browser<ExpressVisit>> {
  const browser = site.open();
  await browser.visit(changing({ user: "Ann" }));
  return browser;
}

async function afterSignOut(site: Site<ExpressVisit>, page: Page<ExpressVisit>): Promise<unknown> {
  const browser = await signIn(site);
  const late = await hold(browser, page);
  await browser.visit(signOut);
  return (await late.go()).body;
}
