import session, { type Store } from "express-session";
import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { type ExpressVisit, startExpressSite } from "./express-site.ts";
import { changing, hold, overlap, type Page } from "./site.ts";
import { attributesIn, openConnectRedis, openKinds } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const nothing: Page = () => {};

test("connect-redis loses a message added while a page takes the earlier ones, and revives the taken ones", async () => {
  await using store = await openConnectRedis(server.url);
  const { browser, site } = await openWith(store, "first");
  await using _ = site;
  expect((await overlap(browser, [adding("second"), taking()])).map(({ body }) => body)).toEqual([2, ["first"]]);
  expect((await browser.visit(taking())).body).toEqual([]);
  await browser.visit(adding("first"));
  await overlap(browser, [taking(), adding("second")]);
  expect((await browser.visit(taking())).body).toEqual(["first", "second"]);
});

describe.each(kinds)("messages of connect-flash on %s", (_, openHandler) => {
  async function open(...messages: string[]) {
    const handler = openHandler();
    const store = createExpressStore(handler);
    return { handler, store, ...(await openWith(store, ...messages)) };
  }

  test("are shown once", async () => {
    const { browser, handler, site } = await open("first", "second");
    await using _ = site;
    expect((await browser.visit(taking())).body).toEqual(["first", "second"]);
    expect((await browser.visit(taking())).body).toEqual([]);
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", flash: {} });
  });

  test("added by another request while a page takes the earlier ones are not lost, whoever saves first (law 95)", async () => {
    for (const place of [0, 1]) {
      const { browser, site } = await open("first");
      await using _ = site;
      const answers = await overlap(browser, place === 0 ? [taking(), adding("second")] : [adding("second"), taking()]);
      expect(answers[place]?.body).toEqual(["first"]);
      expect((await browser.visit(taking())).body).toEqual(["second"]);
      expect((await browser.visit(taking())).body).toEqual([]);
    }
  });

  test("added by the manager while a page takes the earlier ones are not lost", async () => {
    const { browser, site, store } = await open("first");
    await using _ = site;
    const page = await hold(browser, taking());
    await store.sessions.update(browser.id, (draft) => draft.flash.add("info", "second"));
    expect((await page.go()).body).toEqual(["first"]);
    expect((await browser.visit(taking())).body).toEqual(["second"]);
    expect((await browser.visit(taking())).body).toEqual([]);
  });

  test("added during a page that saves something else before it takes them are not lost", async () => {
    const { browser, site, store } = await open("first");
    await using _ = site;
    const page = await hold(browser, async (visit) => {
      visit.session.seen = 1;
      await visit.save();
      return taking()(visit);
    });
    await store.sessions.update(browser.id, (draft) => draft.flash.add("info", "second"));
    expect((await page.go()).body).toEqual(["first"]);
    expect((await browser.visit(taking())).body).toEqual(["second"]);
  });

  test("added between two saves of a page that takes them are not lost", async () => {
    const { browser, site, store } = await open("first");
    await using _ = site;
    const { body } = await browser.visit(async (visit) => {
      const taken = taking()(visit);
      await visit.save();
      await store.sessions.update(visit.id, (draft) => draft.flash.add("info", "second"));
      visit.session.seen = 1;
      await visit.save();
      adding("third")(visit);
      return taken;
    });
    expect(body).toEqual(["first"]);
    expect((await browser.visit(taking())).body).toEqual(["second", "third"]);
  });

  test("with the same text are kept as often as they were added", async () => {
    const { browser, site } = await open("saved");
    await using _ = site;
    await overlap(browser, [taking(), adding("saved")]);
    expect((await browser.visit(taking())).body).toEqual(["saved"]);
    await overlap(browser, [adding("saved"), adding("saved"), adding("saved")]);
    expect((await browser.visit(taking())).body).toEqual(["saved", "saved", "saved"]);
  });

  test("of several requests are all kept, in the order of the saves, and apart from other types", async () => {
    const { browser, site } = await open();
    await using _ = site;
    await overlap(browser, [adding("first"), adding("a", "error"), adding("second"), adding("b", "error")]);
    await overlap(browser, [taking("error"), adding("third")]);
    expect((await browser.visit(taking("error"))).body).toEqual([]);
    expect((await browser.visit(taking())).body).toEqual(["first", "second", "third"]);
  });

  test("added while a page takes those of all types are not lost", async () => {
    const { browser, site } = await open("first");
    await using _ = site;
    const takeAll: Page<ExpressVisit> = ({ request }) => request.flash();
    const [taken] = await overlap(browser, [takeAll, adding("second"), adding("a", "error")]);
    expect(taken?.body).toEqual({ info: ["first"] });
    expect((await browser.visit(takeAll)).body).toEqual({ info: ["second"], error: ["a"] });
    expect((await browser.visit(takeAll)).body).toEqual({});
  });

  test("that were taken do not return through a request that had the session before, even with resave", async () => {
    const handler = openHandler();
    const { browser, site } = await openWith(createExpressStore(handler), "first");
    await using _ = site;
    await using resaving = await startExpressSite(createExpressStore(handler), { resave: true });
    const late = await Promise.all([
      hold(browser, changing({ late: 1 })),
      hold(browser, adding("second")),
      hold(resaving.open(browser.cookie), nothing),
    ]);
    expect((await browser.visit(taking())).body).toEqual(["first"]);
    await Promise.all(late.map(({ go }) => go()));
    expect((await browser.visit(taking())).body).toEqual(["second"]);
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", flash: {}, late: 1 });
  });

  test("that are taken and put back, or changed in place, are as the request leaves them", async () => {
    const { browser, site } = await open("first", "second");
    await using _ = site;
    await browser.visit(({ request, session }) => {
      const [first] = request.flash("info");
      request.flash("info", `${first} again`);
      (session.flash as { info: string[] }).info.push("more");
    });
    expect((await browser.visit(taking())).body).toEqual(["first again", "more"]);
  });

  test("may be any JSON", async () => {
    const { browser, site } = await open();
    await using _ = site;
    const message = { text: "Saved", links: ["/a"] };
    await browser.visit(({ request }) => void request.flash("info", message as unknown as string));
    expect((await browser.visit(taking())).body).toEqual([message]);
    expect((await browser.visit(taking())).body).toEqual([]);
  });

  test("leave alone a member flash that is not of connect-flash", async () => {
    const { browser, handler, site } = await open();
    await using _ = site;
    for (const flash of ["text", { info: "text" }, ["text"], 5, null]) {
      await browser.visit(changing({ flash }));
      await overlap(browser, [changing({ one: 1 }), changing({ other: 1 })]);
      expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", flash, one: 1, other: 1 });
    }
  });

  test("that a page looks for in vain create no more cookies than with the MemoryStore of express-session", async () => {
    const cookie = { maxAge: 600_000 };
    const look = async (store: Store) => {
      await using site = await startExpressSite(store, { cookie });
      const browser = site.open();
      await browser.visit(changing({ user: "Ann" }));
      const answers = [await browser.visit(taking()), await browser.visit(taking()), await browser.visit(taking())];
      return answers.map(({ body, setsCookie }) => ({ body, setsCookie }));
    };
    expect(await look(createExpressStore(openHandler()))).toEqual(await look(new session.MemoryStore()));
  });
});

function adding(message: string, type = "info"): Page<ExpressVisit> {
  return ({ request }) => request.flash(type, message);
}

function taking(type = "info"): Page<ExpressVisit> {
  return ({ request }) => request.flash(type);
}

/** A browser with a session in which these messages wait. */
async function openWith(store: Store, ...messages: string[]) {
  const site = await startExpressSite(store);
  const browser = site.open();
  await browser.visit(({ request, session }) => {
    session.user = "Ann";
    for (const message of messages) request.flash("info", message);
  });
  return { site, browser };
}
