import session, { type Store } from "express-session";
import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type ExpressVisit, startExpressSite } from "./express-site.ts";
import { changing, overlap, type Page } from "./site.ts";
import { openConnectRedis, openKinds } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();

test.each<[string, () => Store | Promise<Store>]>([
  ["the MemoryStore of express-session", () => new session.MemoryStore()],
  ["connect-redis", () => openConnectRedis(server.url)],
  ...kinds.map(([name, open]) => [name, () => createExpressStore(open())] as [string, () => Store]),
])("req.session.cart.push(item) from two requests loses one, as everywhere: on %s", async (_, openStore) => {
  const store = await openStore();
  expect(await cartAfter(store, pushing("apple"), pushing("pear"))).toEqual(["pear"]);
  if (Symbol.asyncDispose in store) await (store as Store & AsyncDisposable)[Symbol.asyncDispose]();
});

describe.each(kinds)("store.sessions.update on %s", (_, openHandler) => {
  test("loses none of them, and returns the new value", async () => {
    const store = createExpressStore(openHandler());
    const adding =
      (item: string): Page<ExpressVisit> =>
      ({ request }) =>
        store.sessions.update(request.sessionID, (s) => s.update("cart", (cart = []) => [...(cart as string[]), item]));
    const answers: unknown[] = [];
    const keeping =
      (page: Page<ExpressVisit>): Page<ExpressVisit> =>
      async (visit) =>
        answers.push(await page(visit));
    const items = ["apple", "pear", "plum", "fig"];
    const cart = await cartAfter(store, ...items.map((item) => keeping(adding(item))));
    expect(cart).toEqual(items);
    expect(answers).toEqual(items.map((_, place) => items.slice(0, place + 1)));
  });

  test("is undone neither by the end of its request nor by other changes of that request", async () => {
    const store = createExpressStore(openHandler());
    await using site = await startExpressSite(store);
    const browser = site.open();
    await browser.visit(changing({ cart: ["apple"] }));
    await browser.visit(async ({ id, session }) => {
      await store.sessions.update(id, (s) => s.update("cart", (cart) => [...(cart as string[]), "pear"]));
      session.seen = 1;
    });
    expect((await browser.visit(({ session }) => [session.cart, session.seen])).body).toEqual([["apple", "pear"], 1]);
  });
});

function pushing(item: string): Page<ExpressVisit> {
  return ({ session }) => {
    session.cart ??= [];
    (session.cart as string[]).push(item);
  };
}

/** What is in the cart of a session when these pages have had it in hand at the same time. */
async function cartAfter(store: Store, ...pages: Page<ExpressVisit>[]): Promise<unknown> {
  await using site = await startExpressSite(store);
  const browser = site.open();
  await browser.visit(changing({ user: "Ann" }));
  await overlap(browser, pages);
  return (await browser.visit(({ session }) => session.cart)).body;
}
