import type { SessionData } from "express-session";
import { createExpressStore } from "sessionwire/express";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { rejectionOf } from "../redis/settling.ts";
import { called, startExpressSite } from "./express-site.ts";
import { attributesIn, openKinds, plainCookie, putInto, storedIn, textIn } from "./stores.ts";

expectNoEscapes();

const { kinds } = await openKinds();

describe.each(kinds)("a store on %s", (_, openHandler) => {
  function open() {
    const handler = openHandler();
    return { handler, store: createExpressStore(handler), id: crypto.randomUUID() as string };
  }

  test("keeps a plain object under a new id, and gives it back", async () => {
    const { handler, store, id } = open();
    await store.set(id, dataOf({ user: "Ann", list: [1, { two: 2 }] }));
    expect(await storedIn(handler, id)).toEqual({ cookie: plainCookie, user: "Ann", list: [1, { two: 2 }] });
    expect(plain(await store.get(id))).toEqual(dataOf({ user: "Ann", list: [1, { two: 2 }] }));
  });

  test("merges a plain object into the stored one", async () => {
    const { handler, store, id } = open();
    await store.set(id, dataOf({ a: 1, b: 1 }));
    await store.set(id, dataOf({ b: 2, c: 2 }));
    expect(await attributesIn(handler, id)).toEqual({ a: 1, b: 2, c: 2 });
  });

  test("stores only the differences of an object that it returned before, whatever happened to the rest", async () => {
    const { handler, store, id } = open();
    await store.set(id, dataOf({ a: 1, b: 1, c: 1 }));
    const [one, other] = await Promise.all([given(store.get(id)), given(store.get(id))]);
    Object.assign(one, { a: 2 });
    delete other.b;
    await store.set(id, one);
    await store.set(id, other);
    expect(await attributesIn(handler, id)).toEqual({ a: 2, c: 1 });
  });

  test("recognises an object that it returned in a copy with other members", async () => {
    const { handler, store, id } = open();
    await store.set(id, dataOf({ a: 1, b: 1 }));
    const copy: Partial<Record<string, unknown>> = { ...(await given(store.get(id))), c: 1 };
    delete copy.b;
    await store.sessions.update(id, (draft) => draft.set("d", 1));
    await store.set(id, copy as unknown as SessionData);
    expect(await attributesIn(handler, id)).toEqual({ a: 1, c: 1, d: 1 });
  });

  test("stores a returned object as a whole under another id", async () => {
    const { handler, store, id } = open();
    const otherId = crypto.randomUUID();
    await store.set(id, dataOf({ a: 1 }));
    const data = await given(store.get(id));
    Object.assign(data, { b: 1 });
    await store.set(otherId, data);
    expect(await attributesIn(handler, otherId)).toEqual({ a: 1, b: 1 });
    expect(await attributesIn(handler, id)).toEqual({ a: 1 });
  });

  test("shares nothing with the objects that it receives and returns", async () => {
    const { store, id } = open();
    const list = [1];
    await store.set(id, dataOf({ list }));
    list.push(2);
    const data = (await given(store.get(id))) as unknown as { list: number[] };
    data.list.push(3);
    expect(plain(await store.get(id))).toEqual(dataOf({ list: [1] }));
  });

  test("stores two changes of one object one after the other, even without waiting in between", async () => {
    const { handler, store, id } = open();
    const data = dataOf({ a: 1 });
    const first = store.set(id, data);
    Object.assign(data, { b: 1 });
    const second = store.set(id, data);
    Object.assign(data, { c: 1 });
    await Promise.all([first, second]);
    expect(await attributesIn(handler, id)).toEqual({ a: 1, b: 1 });
  });

  test("stores two changes of one new object in order, even if the second removes values of the first", async () => {
    const { handler, store, id } = open();
    const data = dataOf({ a: 1, b: 1 });
    const first = store.set(id, data);
    delete (data as { b?: number }).b;
    const second = store.set(id, data);
    await Promise.all([first, second]);
    expect(await attributesIn(handler, id)).toEqual({ a: 1 });
  });

  test("ends a new session while it is being stored, without waiting in between", async () => {
    const { handler, store, id } = open();
    await Promise.all([store.set(id, dataOf({ a: 1 })), store.destroy(id)]);
    expect(await attributesIn(handler, id)).toBe(undefined);

    await using site = await startExpressSite(store);
    const ids: string[] = [];
    await site.open().visit(async (visit) => {
      ids.push(visit.id);
      visit.session.user = "Ann";
      const saving = visit.save();
      await visit.destroy();
      await saving;
    });
    expect(await attributesIn(handler, ids[0] ?? "")).toBe(undefined);
  });

  test("accepts an object returned by another store, even under the same id", async () => {
    const { handler, store, id } = open();
    const other = createExpressStore(handler, { prefix: "sess:other:" });
    await store.set(id, dataOf({ a: 1 }));
    await other.set(id, await given(store.get(id)));
    expect(await attributesIn(handler, `other:${id}`)).toEqual({ a: 1 });
  });

  test("stores every save of one request, awaited or not, and allows other changes in between", async () => {
    const { handler, store } = open();
    await using site = await startExpressSite(store);
    const browser = site.open();
    await browser.visit(({ session }) => void Object.assign(session, { a: 1, b: 1 }));
    await browser.visit(async (visit) => {
      visit.session.a = 2;
      await visit.save();
      await store.sessions.update(visit.id, (draft) => {
        draft.set("a", 3);
        draft.set("other", 1);
      });
      delete visit.session.b;
      const saving = visit.save();
      visit.session.c = 1;
      await saving;
    });
    expect(await attributesIn(handler, browser.id)).toEqual({ a: 3, other: 1, c: 1 });
  });

  test("treats values that JSON cannot represent as JSON does", async () => {
    const { store, id } = open();
    await store.set(
      id,
      dataOf({ date: new Date(0), f() {}, none: undefined, map: new Map([[1, 2]]), nan: Number.NaN }),
    );
    const date = "1970-01-01T00:00:00.000Z";
    expect(plain(await store.get(id))).toEqual(dataOf({ date, map: {}, nan: null }));
  });

  test.each([
    ["a BigInt", { big: 1n }],
    ["a cycle", cyclic()],
    ["something that refuses to be written", { toJSON: throwing }],
  ])("says what JSON says of %s, and stores nothing of it", async (_, bad) => {
    const { handler, store, id } = open();
    const data = dataOf({ good: 1, bad });
    expect(await rejectionOf(store.set(id, data))).toBeInstanceOf(TypeError);
    expect(await rejectionOf(called((done) => store.set(id, data, done)))).toBeInstanceOf(TypeError);
    expect(await textIn(handler, id)).toBe(undefined);

    await store.set(id, dataOf({ good: 1 }));
    const before = await textIn(handler, id);
    const found = await given(store.get(id));
    Object.assign(found, { better: 1, bad });
    expect(await rejectionOf(called((done) => store.set(id, found, done)))).toBeInstanceOf(TypeError);
    expect(await textIn(handler, id)).toBe(before);
    Object.assign(found, { bad: "mended" });
    await store.set(id, found);
    expect(await attributesIn(handler, id)).toEqual({ good: 1, better: 1, bad: "mended" });
  });

  test.each([[{ cookie: "text" }], [{ cookie: [] }]])(
    "stores nothing that express-session could not read: %o",
    async (data) => {
      const { handler, store, id } = open();
      expect(await rejectionOf(store.set(id, data as unknown as SessionData))).toBeInstanceOf(TypeError);
      expect(await textIn(handler, id)).toBe(undefined);
    },
  );

  test("calls back with null and the result, or with the error", async () => {
    const { handler, store, id } = open();
    const callback = vi.fn();
    const argumentsOf = async (call: (callback: () => void) => unknown): Promise<unknown[]> => {
      callback.mockClear();
      call(callback);
      await vi.waitUntil(() => callback.mock.calls.length > 0);
      expect(callback).toHaveBeenCalledTimes(1);
      return callback.mock.calls[0] ?? [];
    };
    expect(await argumentsOf((done) => store.get(id, done))).toEqual([null, undefined]);
    expect(await argumentsOf((done) => store.set(id, dataOf({ a: 1 }), done))).toEqual([null, undefined]);
    expect(plain(await argumentsOf((done) => store.get(id, done)))).toEqual([null, dataOf({ a: 1 })]);
    expect(await argumentsOf((done) => store.touch(id, dataOf({ a: 1 }), done))).toEqual([null, undefined]);
    expect(await argumentsOf((done) => store.destroy(id, done))).toEqual([null, undefined]);
    expect(await argumentsOf((done) => store.destroy(id, done))).toEqual([null, undefined]);
    await putInto(handler, id, "[]");
    const [error, ...rest] = await argumentsOf((done) => store.get(id, done));
    expect([error, rest]).toMatchObject([{ code: "corrupt" }, []]);
  });

  test("resolves or rejects without a callback", async () => {
    const { handler, store, id } = open();
    expect(await store.get(id)).toBe(undefined);
    expect(await store.set(id, dataOf({ a: 1 }))).toBe(undefined);
    expect(await store.touch(id, dataOf({ a: 1 }))).toBe(undefined);
    expect(await store.destroy(id)).toBe(undefined);
    expect(await store.destroy(id)).toBe(undefined);
    await putInto(handler, id, "[]");
    expect(await rejectionOf(store.get(id))).toMatchObject({ code: "corrupt" });
  });

  test("passes an error thrown by a callback to the process, and calls it once", async () => {
    const { handler, store, id } = open();
    await putInto(handler, "corrupt", "[]");
    const calls: ((callback: () => void) => unknown)[] = [
      (done) => store.get(id, done),
      (done) => store.get("corrupt", done),
      (done) => store.set(id, dataOf({ a: 1 }), done),
      (done) => store.touch(id, dataOf({ a: 1 }), done),
      (done) => store.destroy(id, done),
    ];
    for (const call of calls) {
      const mistake = new Error("of the application");
      const callback = vi.fn(() => {
        throw mistake;
      });
      expect(await uncaughtDuring(() => void call(callback))).toBe(mistake);
      await store.get(id);
      expect(callback).toHaveBeenCalledTimes(1);
    }
    await handler.destroy("sess:corrupt");
  });

  test("loads a session by its id alone, as express-session stores do", async () => {
    const { handler, store, id } = open();
    await store.set(id, dataOf({ a: 1 }));
    const session = await called<SessionData & { save(done: () => void): void }>((done) =>
      store.load(id, done as Parameters<typeof store.load>[1]),
    );
    Object.assign(session, { b: 1 });
    await store.sessions.update(id, (draft) => draft.set("c", 1));
    await called((done) => session.save(done));
    expect(await attributesIn(handler, id)).toEqual({ a: 1, b: 1, c: 1 });
    expect(await called((done) => store.load("absent", done as Parameters<typeof store.load>[1]))).toBe(undefined);
  });
});

function dataOf(attributes: object): SessionData {
  return { cookie: { ...plainCookie }, ...attributes } as unknown as SessionData; // a plain object, as it comes out of JSON
}

async function given(found: Promise<SessionData | undefined>): Promise<Record<string, unknown> & SessionData> {
  return (await found) as Record<string, unknown> & SessionData;
}

/** As JSON has it. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function cyclic(): object {
  const cycle: Record<string, unknown> = {};
  cycle.self = cycle;
  return cycle;
}

function throwing(): never {
  throw new TypeError("It refuses.");
}

/** What nobody catches; the handlers that the test runner has for it do not see it. */
async function uncaughtDuring(act: () => void): Promise<unknown> {
  try {
    return await new Promise((resolve) => {
      process.setUncaughtExceptionCaptureCallback(resolve);
      act();
    });
  } finally {
    process.setUncaughtExceptionCaptureCallback(null);
  }
}
