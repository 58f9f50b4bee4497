// @module-tag real-time

import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { createMoment } from "../express/site.ts";
import { attributesIn, openKinds, putInto } from "../express/stores.ts";
import { failureOf } from "../redis/settling.ts";
import { startRedis } from "../servers/redis-server.ts";
import { withTrouble } from "../ws/trouble.ts";
import { crosswsBinding } from "./crossws-stage.ts";
import { socketIoBinding } from "./socket-io-stage.ts";
import { wsBinding } from "./ws-stage.ts";

// What goes wrong with the usual recipe, under the same names in ws/recipe.test.ts, and what a user wants instead, of each binding.

const { kinds } = await openKinds();
const bindings = [wsBinding, crosswsBinding, socketIoBinding("websocket"), socketIoBinding("polling")];
const cases = bindings.flatMap((binding) => kinds.map(([store, openHandler]) => ({ ...binding, store, openHandler })));
const gone = { code: 1008, reason: "The session has ended." };

describe.each(cases)("$name on $store", ({ open, openHandler, lacks = {} }) => {
  test("E1: a socket sees values set over HTTP since", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    await browser.visit((visit) => void Object.assign(visit.session, { role: "admin" }));
    expect((await session.open()).get("role")).toBe("admin");
  });

  test("E2: HTTP sees values set by a socket", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    await session.change((draft) => draft.set("n", 7));
    expect((await browser.visit((visit) => visit.session.n)).body).toBe(7);
  });

  test("E3: a save of a socket keeps values set over HTTP while the socket held its session", async () => {
    const handler = openHandler();
    await using stage = await open(handler);
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    const opened = await session.open();
    await browser.visit((visit) => void Object.assign(visit.session, { role: "admin" }));
    opened.set("n", 7);
    await opened.save();
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", role: "admin", n: 7 });
  });

  test("E4: a sign-out over HTTP closes the socket, and aborts its work", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { client, session } = await stage.connect(browser);
    const { signal } = session;
    await browser.visit((visit) => visit.destroy());
    expect(await client.closed).toEqual(gone);
    expect(signal.reason).toMatchObject({ code: "gone" });
  });

  test("E5: no save of a socket after the sign-out revives the session", async () => {
    const handler = openHandler();
    await using stage = await open(handler);
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    const opened = await session.open();
    const { id, cookie } = browser;
    await browser.visit((visit) => visit.destroy());
    opened.set("n", 7);
    expect(await failureOf(opened.save())).toMatchObject({ code: "gone", outcome: "not-applied" });
    expect(await failureOf(session.change((draft) => draft.set("n", 7)))).toMatchObject({ code: "gone" });
    expect(await failureOf(session.open())).toMatchObject({ code: "gone" });
    expect(await attributesIn(handler, id)).toBeUndefined();
    expect((await stage.refuse({ cookie })).status).toBe(401);
  });

  test("E6: a socket continues with the session that HTTP has regenerated", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { client, session } = await stage.connect(browser);
    await browser.visit(async (visit) => {
      await visit.regenerate();
      visit.session.user = "Bob";
    });
    expect(session.id).toBe(browser.id);
    expect((await session.open()).get("user")).toBe("Bob");
    await session.change((draft) => draft.set("n", 7));
    expect((await browser.visit((visit) => visit.session.n)).body).toBe(7);
    expect(client.isOpen).toBe(true);
    await browser.visit((visit) => visit.destroy());
    expect(await client.closed).toEqual(gone);
  });

  test("E6: an update waits while HTTP has regenerated the session and not saved it yet", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    let update: Promise<unknown> | undefined;
    await browser.visit(async (visit) => {
      await visit.regenerate();
      visit.session.user = "Bob";
      update = session.change((draft) => draft.set("n", 7));
    });
    await update;
    expect((await browser.visit((visit) => [visit.session.user, visit.session.n])).body).toEqual(["Bob", 7]);
  });

  test("E7: a session that a socket held before HTTP regenerated it does not make the old id valid again", async () => {
    const handler = openHandler();
    await using stage = await open(handler);
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    const opened = await session.open();
    const { id, cookie } = browser;
    await browser.visit(async (visit) => {
      await visit.regenerate();
      visit.session.user = "Bob";
    });
    opened.set("n", 7);
    expect(await failureOf(opened.save())).toMatchObject({ code: "gone" });
    expect(await attributesIn(handler, id)).toBeUndefined();
    expect((await stage.refuse({ cookie })).status).toBe(401);
  });

  test("E10: a page of another origin is refused before the store is asked", async () => {
    const handler = withTrouble(openHandler());
    await using stage = await open(handler);
    const { cookie } = await stage.signIn();
    const before = handler.calls;
    for (const origin of ["https://evil.example", "null", "https://app.example", "http://app.example:81", null]) {
      expect((await stage.refuse({ cookie, origin })).status).toBe(403);
    }
    expect(handler.calls).toBe(before);
  });

  test("E11: a store that never answers makes the handshake fail at its deadline", async () => {
    const handler = withTrouble(openHandler());
    await using stage = await open(handler, { sockets: { handshakeTimeoutMs: 200 } });
    const browser = await stage.signIn();
    handler.trouble = "silent";
    const refused = await stage.refuse(browser);
    handler.trouble = "none";
    expect(refused.status).toBe(503);
    expect(stage.events.at(-1)).toMatchObject({ type: "refused", reason: "timeout" });
  });

  test("E12: an error of the store is a 503, and the next handshake succeeds", async () => {
    const handler = withTrouble(openHandler());
    await using stage = await open(handler);
    const browser = await stage.signIn();
    handler.trouble = "failing";
    expect((await stage.refuse(browser)).status).toBe(503);
    handler.trouble = "none";
    expect((await stage.connect(browser)).client.isOpen).toBe(true);
  });

  test("A: the cookie signed by express-session opens a socket, and a forged one does not", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { session } = await stage.connect(browser);
    expect(session.id).toBe(browser.id);
    const forged = browser.cookie?.replace(/.$/, (last) => (last === "A" ? "B" : "A"));
    expect((await stage.refuse({ cookie: forged })).status).toBe(401);
  });

  test.skipIf("B" in lacks)("B: a cookie can be set with the handshake", async () => {
    await using stage = await open(openHandler());
    expect((await stage.connect(await stage.signIn())).cookiesSet).toContain("seen=1");
  });

  test("C: messages that arrive before the application is ready are handed to it", async () => {
    await using stage = await open(openHandler());
    const { happened: ready, happen } = createMoment();
    const { client, heard, session } = await stage.connect(await stage.signIn(), ready);
    for (const text of ["1", "2", "3"]) client.send(text);
    await session.open();
    expect(heard).toEqual([]);
    happen();
    client.send("4");
    await expect.poll(() => heard).toEqual(["1", "2", "3", "4"]);
  });

  test("D: the code tells the client if the session or the server has ended", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const { client: first, session } = await stage.connect(browser);
    await session.destroy();
    expect((await first.closed).code).toBe(1008);
    const { client: second } = await stage.connect(await stage.signIn());
    await stage.sockets.close();
    expect((await second.closed).code).toBe(1001);
  });

  test("E: a record that cannot be a session is refused, over HTTP and on sockets, and left unchanged", async () => {
    const handler = openHandler();
    await using stage = await open(handler);
    const browser = await stage.signIn();
    await putInto(handler, browser.id, '{"user":"Ann"}');
    expect((await browser.visit(() => {})).body).toEqual({ code: "corrupt" });
    expect((await stage.refuse(browser)).status).toBe(503);
    expect(await attributesIn(handler, browser.id)).toBeUndefined();
    expect(new TextDecoder().decode((await handler.read(`sess:${browser.id}`))?.data)).toBe('{"user":"Ann"}');
  });

  test("F: a sign-out closes the sockets of all tabs", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const tabs = [await stage.connect(browser), await stage.connect(browser), await stage.connect(browser)];
    const { client: other } = await stage.connect(await stage.signIn());
    expect(stage.sockets.socketsOf(browser.id)).toHaveLength(3);
    await browser.visit((visit) => visit.destroy());
    for (const { client } of tabs) expect(await client.closed).toEqual(gone);
    expect(other.isOpen).toBe(true);
    expect(stage.sockets.size).toBe(1);
  });

  test("G: a tab that was closed before affects no other", async () => {
    await using stage = await open(openHandler());
    const browser = await stage.signIn();
    const [first, second] = [await stage.connect(browser), await stage.connect(browser)];
    first.client.close();
    await first.client.closed;
    await expect.poll(() => stage.sockets.size).toBe(1);
    expect(second.client.isOpen).toBe(true);
    await browser.visit((visit) => visit.destroy());
    expect(await second.client.closed).toEqual(gone);
  });
});

// At the same time: they wait, and each has a site of its own.
describe.concurrent.each(cases)("$name on $store, as time passes", ({ open, openHandler }) => {
  test("E8: a silent socket is closed when its session expires", async () => {
    await using stage = await open(openHandler(), { site: { cookie: { maxAge: 1000 } } });
    const browser = await stage.signIn();
    const { client } = await stage.connect(browser);
    const start = performance.now();
    expect(await client.closed).toEqual(gone);
    expect(performance.now() - start).toBeGreaterThan(900);
    expect((await browser.visit((visit) => visit.session.user)).body).toBeNull();
  });

  test("E9: messages keep a session alive beyond its time", async () => {
    await using stage = await open(openHandler(), { site: { cookie: { maxAge: 2000 } } });
    const browser = await stage.signIn();
    const { client, session } = await stage.connect(browser);
    const chatter = setInterval(() => client.send("x"), 100);
    const start = performance.now();
    await vi.waitUntil(() => performance.now() - start > 4500, { timeout: 10_000 });
    expect((await session.open()).get("user")).toBe("Ann");
    expect(client.isOpen).toBe(true);
    clearInterval(chatter);
    expect(await client.closed).toEqual(gone);
  });
});

test.each(bindings)(
  "$name: a server that is frozen makes the handshake fail at the deadline of the store",
  async ({ open }) => {
    await using server = await startRedis();
    await using stage = await open(createRedisHandler(server.url, { timeoutMs: 300 }));
    const browser = await stage.signIn();
    server.freeze();
    const refused = await stage.refuse(browser);
    server.thaw();
    expect(refused.status).toBe(503);
    expect(stage.events).toContainEqual(
      expect.objectContaining({ type: "failed", error: expect.objectContaining({ code: "timeout" }) }),
    );
  },
);
