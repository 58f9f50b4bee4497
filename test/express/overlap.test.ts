import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type ExpressVisit, startExpressSite } from "./express-site.ts";
import { type Browser, changing, hold, overlap, type Page, type Site } from "./site.ts";
import { attributesIn, openConnectRedis, openKinds } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const names = Array.from({ length: 20 }, (_, place) => `attribute${place}`);

test("connect-redis loses changes of overlapping requests: of 20 attributes the last one remains", async () => {
  await using store = await openConnectRedis(server.url);
  await using site = await startExpressSite(store);
  const browser = await begin(site, { first: 1, doomed: 1 });
  await overlap(
    browser,
    names.map((name) => changing({ [name]: 1 })),
  );
  await overlap(browser, [removing("doomed"), changing({ last: 1 })]);
  const { cookie: _, ...attributes } = await store.get(browser.id);
  expect(attributes).toEqual({ first: 1, doomed: 1, attribute19: 1, last: 1 });
});

describe.each(kinds)("overlapping requests on %s", (_, openHandler) => {
  async function openSite(options: { readonly resave?: boolean } = {}) {
    const handler = openHandler();
    const store = createExpressStore(handler);
    return { handler, store, site: await startExpressSite(store, options) };
  }

  test.each([[false], [true]])("lose no change of different attributes, with resave %s", async (resave) => {
    const { handler, site } = await openSite({ resave });
    await using _ = site;
    const browser = await begin(site, { first: 1 });
    await overlap(
      browser,
      names.map((name) => changing({ [name]: 1 })),
    );
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toEqual({ first: 1, ...all });
  });

  test("lose nothing when all of them save at the same time", async () => {
    const { handler, site } = await openSite();
    await using _ = site;
    const browser = await begin(site, { first: 1 });
    const held = await Promise.all(names.map((name) => hold(browser, changing({ [name]: 1 }))));
    await Promise.all(held.map(({ go }) => go()));
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toEqual({ first: 1, ...all });
  });

  test("lose nothing between two processes", async () => {
    const handler = openHandler();
    await using one = await startExpressSite(createExpressStore(handler));
    await using other = await startExpressSite(createExpressStore(handler));
    const browser = await begin(one, { first: 1, doomed: 1 });
    const elsewhere = other.open(browser.cookie);
    const held = await Promise.all([
      ...names.map((name, place) => hold(place % 2 ? browser : elsewhere, changing({ [name]: 1 }))),
      hold(elsewhere, removing("doomed")),
    ]);
    await Promise.all(held.map(({ go }) => go()));
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toEqual({ first: 1, ...all });
  });

  test.each([[false], [true]])(
    "keep an attribute deleted that one of them has deleted, with resave %s (law 86)",
    async (resave) => {
      const { handler, site } = await openSite({ resave });
      await using _ = site;
      const browser = await begin(site, { doomed: 1, doomedToo: 1, kept: 1 });
      await overlap(browser, [
        removing("doomed"),
        changing({ a: 1 }),
        removing("doomedToo"),
        changing({ b: 1 }),
        () => {},
      ]);
      expect(await attributesIn(handler, browser.id)).toEqual({ kept: 1, a: 1, b: 1 });
    },
  );

  test("save changes made in place at any depth, each in its own attribute (law 84)", async () => {
    const { handler, site } = await openSite();
    await using _ = site;
    const browser = await begin(site, { cart: { items: [{ count: 1 }] }, tags: ["a"], seen: { a: 1 } });
    await overlap(browser, [
      ({ session }) => {
        (session.cart as { items: { count: number }[] }).items[0] = { count: 2 };
      },
      ({ session }) => {
        (session.tags as string[]).push("b");
      },
      ({ session }) => {
        delete (session.seen as { a?: number }).a;
      },
    ]);
    const cart = { items: [{ count: 2 }] };
    expect(await attributesIn(handler, browser.id)).toEqual({ cart, tags: ["a", "b"], seen: {} });
    const { body } = await browser.visit(({ session }) => session.cart);
    expect(body).toEqual(cart);
  });

  test("keep the last saved value of one attribute", async () => {
    const { handler, site } = await openSite();
    await using _ = site;
    const browser = await begin(site, { name: "first" });
    const naming = (name: string) => changing({ name });
    await overlap(browser, [naming("second"), naming("third"), naming("last"), changing({ other: 1 })]);
    expect(await attributesIn(handler, browser.id)).toEqual({ name: "last", other: 1 });
    await overlap(browser, [removing("name"), naming("back")]);
    expect(await attributesIn(handler, browser.id)).toEqual({ name: "back", other: 1 });
  });

  test("see each other's changes after a reload, and continue from there", async () => {
    const { handler, site } = await openSite();
    await using _ = site;
    const browser = await begin(site, { n: 1 });
    const held = await hold(browser, async (visit) => {
      visit.session.unsaved = 1;
      await visit.reload();
      const seen = { ...visit.session, cookie: undefined };
      visit.session.n = Number(visit.session.n) + 1;
      return seen;
    });
    await browser.visit(({ session }) => {
      session.n = 5;
      session.other = 1;
    });
    expect((await held.go()).body).toEqual({ n: 5, other: 1 });
    expect(await attributesIn(handler, browser.id)).toEqual({ n: 6, other: 1 });
  });

  test("count exactly by updates of the manager, inside and outside requests that change other attributes", async () => {
    const { handler, store, site } = await openSite({ resave: true });
    await using _ = site;
    const browser = await begin(site, { n: 0 });
    const count = (id: string) => store.sessions.update(id, (draft) => draft.update("n", (n) => Number(n ?? 0) + 1));
    const held = await Promise.all(
      names.map((name) =>
        hold(browser, async ({ id, session }) => {
          session[name] = 1;
          await count(id);
        }),
      ),
    );
    const outside = Array.from({ length: 20 }, () => count(browser.id));
    await Promise.all([...outside, ...held.map(({ go }) => go())]);
    const all = Object.fromEntries(names.map((name) => [name, 1]));
    expect(await attributesIn(handler, browser.id)).toEqual({ n: 40, ...all });
    expect(site.errors).toEqual([]);
  });

  test("count exactly with two processes", async () => {
    const handler = openHandler();
    const stores = [createExpressStore(handler), createExpressStore(handler)];
    await using site = await startExpressSite(createExpressStore(handler));
    const { id } = await begin(site, { n: 0 });
    const counting = Array.from({ length: 50 }, (_, place) =>
      stores[place % 2]?.sessions.update(id, (draft) => draft.set("n", Number(draft.get("n")) + 1)),
    );
    await Promise.all(counting);
    expect(await attributesIn(handler, id)).toEqual({ n: 50 });
  });
});

function removing(name: string): Page {
  return ({ session }) => {
    delete session[name];
  };
}

/** A browser with a session that has these attributes. */
async function begin(site: Site<ExpressVisit>, attributes: object): Promise<Browser<ExpressVisit>> {
  const browser = site.open();
  await browser.visit(changing(attributes));
  return browser;
}
