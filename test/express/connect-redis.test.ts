import { createExpressStore } from "sessionwire/express";
import { describe, expect, test } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { cookieOf, type ExpressVisit, startExpressSite } from "./express-site.ts";
import { changing, hold } from "./site.ts";
import { attributesIn, openConnectRedis, openKinds, plainCookie, putInto, storedIn, textIn } from "./stores.ts";

expectNoEscapes();

const { server, kinds } = await openKinds();
const [, [, openRedis]] = kinds as [unknown, (typeof kinds)[number]];

const inAnHour = new Date(Date.now() + 3600_000).toISOString();
const shapes: [string, object][] = [
  ["all members, without an end", plainCookie],
  ["no member for its end", { httpOnly: true, path: "/" }],
  ["a maximal age", { originalMaxAge: 3600_000, expires: inAnHour, secure: false, httpOnly: true, path: "/" }],
  ["an end in the past, since it was only touched", { ...plainCookie, originalMaxAge: 3600_000, expires: new Date(0) }],
  [
    "all that there can be",
    { ...plainCookie, domain: "localhost", sameSite: "lax", priority: "high", partitioned: true },
  ],
];

describe("with the sessions of connect-redis", () => {
  test.each(shapes)("a cookie of %s is read, and kept by a change", async (_, cookie) => {
    const handler = openRedis();
    await using site = await startExpressSite(createExpressStore(handler));
    const id = crypto.randomUUID();
    const stored = JSON.parse(JSON.stringify({ cookie, user: "Ann" }));
    await server.command("set", `sess:${id}`, JSON.stringify(stored), "ex", "1000");
    const browser = site.open(cookieOf(id));

    expect((await browser.visit(({ session }) => session.user)).body).toBe("Ann");
    expect(await storedIn(handler, id)).toEqual(stored);
    await browser.visit(changing({ more: 1 }));
    const { expires, ...rest } = stored.cookie;
    const kept = { ...rest, ...(expires === undefined ? {} : { expires: expires && expect.any(String) }) };
    expect(await storedIn(handler, id)).toEqual({ cookie: kept, user: "Ann", more: 1 });
    const { cookie: now } = (await storedIn(handler, id)) as { cookie: { expires?: string } };
    if (rest.originalMaxAge) expect(Date.parse(now.expires ?? "") - Date.now()).toBeCloseTo(3600_000, -5);
    expect(browser.id).toBe(id);
    expect(site.errors).toEqual([]);
  });

  test.each([
    ["without a maximal age", {}],
    ["with one", { cookie: { maxAge: 3600_000 } }],
    ["with one, rolling", { cookie: { maxAge: 3600_000 }, rolling: true }],
  ])("both stores serve the same sessions side by side, %s", async (_, options) => {
    await using theirStore = await openConnectRedis(server.url);
    await using theirs = await startExpressSite(theirStore, options);
    await using ours = await startExpressSite(createExpressStore(openRedis()), options);
    for (const [first, second] of [
      [theirs, ours],
      [ours, theirs],
    ] as const) {
      const browser = first.open();
      expect((await browser.visit(count)).body).toBe(1);
      const ttl = Number(await server.command("pttl", `sess:${browser.id}`));
      for (const [place, site] of [second, first, second, first].entries()) {
        const { body } = await site.open(browser.cookie).visit(count);
        expect(body).toBe(place + 2);
        const ttlNow = Number(await server.command("pttl", `sess:${browser.id}`));
        expect(Math.abs(ttlNow - ttl)).toBeLessThan(20_000);
      }
      await second.open(browser.cookie).visit((visit) => visit.destroy());
      expect((await browser.visit(count)).body).toBe(1);
    }
    expect([...theirs.errors, ...ours.errors]).toEqual([]);
  });

  test("no concurrent change by connect-redis is lost", async () => {
    await using theirStore = await openConnectRedis(server.url);
    await using theirs = await startExpressSite(theirStore);
    const handler = openRedis();
    await using ours = await startExpressSite(createExpressStore(handler));
    const browser = ours.open();
    await browser.visit(changing({ user: "Ann" }));
    const late = await hold(browser, changing({ ours: 1 }));
    await theirs.open(browser.cookie).visit(changing({ theirs: 1 }));
    await late.go();
    expect(await attributesIn(handler, browser.id)).toEqual({ user: "Ann", ours: 1, theirs: 1 });
    const tooLate = await hold(browser, changing({ ours: 2 }));
    await theirs.open(browser.cookie).visit((visit) => visit.destroy());
    await tooLate.go();
    expect(await attributesIn(handler, browser.id)).toBe(undefined);
  });
});

describe.each(kinds)("on %s", (_, openHandler) => {
  test.each([
    ...["id", "req", "save", "touch", "reload", "regenerate", "destroy", "resetMaxAge"],
    ...["toString", "hasOwnProperty", "constructor", "__proto__", "", "0"],
  ])("a stored member %o does no harm, and stays when something else is saved (law 99)", async (name) => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const id = crypto.randomUUID();
    const members = `"user":"Ann",${JSON.stringify(name)}:{"admin":true,"prototype":{"admin":true}}`;
    const text = `{"cookie":${JSON.stringify(plainCookie)},${members}}`;
    await putInto(handler, id, text);
    const browser = site.open(cookieOf(id));

    expect((await browser.visit(({ session }) => [session.user, session.admin ?? "no"])).body).toEqual(["Ann", "no"]);
    expect(await storedIn(handler, id)).toEqual(JSON.parse(text));
    await browser.visit(async (visit) => {
      visit.session.more = 1;
      await visit.save();
      await visit.reload();
      visit.session.again = 1;
    });
    expect(Reflect.get({}, "admin")).toBe(undefined);
    expect(site.errors).toEqual([]);
    expect(await attributesIn(handler, id)).toEqual(JSON.parse(`{${members},"more":1,"again":1}`));
  });

  test("members named like methods are part of the plain object, and may be changed there", async () => {
    const handler = openHandler();
    const store = createExpressStore(handler);
    const id = crypto.randomUUID();
    const members = `"id":1,"save":1,"__proto__":{"a":1},"constructor":1`;
    await putInto(handler, id, `{"cookie":${JSON.stringify(plainCookie)},${members}}`);
    const data = await store.get(id);
    if (data === undefined) throw new Error("It is there.");
    expect(Object.keys(data).sort()).toEqual(["__proto__", "constructor", "cookie", "id", "save"]);
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype);
    Object.assign(data, { id: 2 });
    await store.set(id, data);
    expect(await attributesIn(handler, id)).toEqual(JSON.parse(`{${members.replace('"id":1', '"id":2')}}`));
  });

  test.each([
    ["no member cookie", '{"user":"Ann"}'],
    ["nothing in it", "{}"],
    ["null for a cookie", '{"cookie":null,"user":"Ann"}'],
    ["a text for a cookie", '{"cookie":"connect.sid","user":"Ann"}'],
    ["an array for a cookie", '{"cookie":[],"user":"Ann"}'],
    ["a list", "[]"],
    ["a text", '"session"'],
    ["null", "null"],
    ["no JSON", "Ann"],
    ["half of a session", '{"cookie":{"path":"/"},"user":"A'],
    ["no bytes at all", ""],
  ])("a record with %s is an error and no session, and stays as it is", async (_, text) => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler), { saveUninitialized: true, rolling: true });
    const id = crypto.randomUUID();
    await putInto(handler, id, text);
    const browser = site.open(cookieOf(id));
    const answer = await browser.visit(changing({ user: "Bea" }));
    expect(answer).toEqual({ status: 500, body: { code: "corrupt" }, setsCookie: false });
    expect(site.errors).toMatchObject([{ code: "corrupt" }]);
    expect(await textIn(handler, id)).toBe(text);
    expect((await site.open().visit(({ session }) => typeof session)).body).toBe("object");
  });

  test("a record corrupted during a request is an error and stays as it is", async () => {
    const handler = openHandler();
    await using site = await startExpressSite(createExpressStore(handler));
    const browser = site.open();
    await browser.visit(changing({ user: "Ann" }));
    const late = await hold(browser, async (visit) => {
      visit.session.late = 1;
      return visit.save().then(
        () => "saved",
        (error) => error.code,
      );
    });
    await putInto(handler, browser.id, "{}");
    expect((await late.go()).body).toBe("corrupt");
    expect(await textIn(handler, browser.id)).toBe("{}");
  });
});

function count({ session }: ExpressVisit): unknown {
  session.n = Number(session.n ?? 0) + 1;
  return session.n;
}
