import { createSessionManager, expressFormat, nativeFormat, type SessionHandler } from "sessionwire";
import type { SessionFormat } from "sessionwire/backend";
import { createExpressStore, type ExpressStoreOptions } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";
import { called } from "./express-site.ts";
import { attributesIn, plainCookie, textIn } from "./stores.ts";

const data = { cookie: plainCookie, user: "Ann" } as never;

test.each([
  [{ ttl: 5 }],
  [{ client: {} }],
  [{ disableTouch: true }],
  [{ onGone: "throw" }],
  [{ onGone: null }],
  [{ prefix: 5 }],
  [{ prefix: null }],
])("the options %o are refused when the store is made", (options) => {
  expect(() => createExpressStore(createMemoryHandler(), options as ExpressStoreOptions)).toThrow(TypeError);
});

test.each([
  [{ idleTimeoutSeconds: 0 }],
  [{ idleTimeoutSeconds: 1.5 }],
  [{ idleTimeoutSeconds: Infinity }],
  [{ touchEverySeconds: -1 }],
  [{ touchEverySeconds: Number.NaN }],
])("the values %o are refused when the store is made", (options) => {
  expect(() => createExpressStore(createMemoryHandler(), options)).toThrow(RangeError);
});

test.each([{ prefix: "sess:" }, { idleTimeoutSeconds: 60 }, { touchEverySeconds: 0 }, { ttl: 5 }])(
  "with a manager, %o is refused: the manager sets it",
  (options) => {
    const sessions = createSessionManager({ handler: createMemoryHandler(), format: expressFormat() });
    expect(() => createExpressStore(sessions, options)).toThrow(TypeError);
    expect(createExpressStore(sessions, { onGone: "error" }).sessions).toBe(sessions);
  },
);

test("a manager in a format that creates its own ids is refused", () => {
  const sessions = createSessionManager({ handler: createMemoryHandler(), format: nativeFormat() });
  expect(() => createExpressStore(sessions)).toThrow(TypeError);
  expect(() => createExpressStore(createSessionManager({ handler: createMemoryHandler() }))).toThrow(TypeError);
});

test.each([
  [undefined],
  [null],
  ["redis://localhost"],
  [{}],
  [{ get() {}, set() {}, destroy() {} }],
  [{ read() {}, write() {} }],
  [{ client: {} }],
  [new Map()],
])("what is neither a manager nor a handler is refused: %o", (source) => {
  expect(() => createExpressStore(source as unknown as SessionHandler)).toThrow(TypeError);
});

test("options that are left undefined are the defaults", async () => {
  const handler = createMemoryHandler();
  const options = { prefix: undefined, idleTimeoutSeconds: undefined, touchEverySeconds: undefined, onGone: undefined };
  const store = createExpressStore(handler, options);
  await store.set("id", data);
  expect(await attributesIn(handler, "id")).toEqual({ user: "Ann" });
});

test("the prefix stands before the id, and may be empty", async () => {
  const handler = createMemoryHandler();
  await createExpressStore(handler, { prefix: "" }).set("sess:bare", data);
  await createExpressStore(handler, { prefix: "sess:app:" }).set("prefixed", data);
  expect(await attributesIn(handler, "bare")).toEqual({ user: "Ann" });
  expect(await attributesIn(handler, "app:prefixed")).toEqual({ user: "Ann" });
});

test.each([[""], ["x".repeat(1025)], ["half a pair \ud800"]])(
  "an id that cannot be one has no session, and none is stored under it: %o",
  async (id) => {
    const handler = createMemoryHandler();
    const store = createExpressStore(handler);
    expect(await store.get(id)).toBe(undefined);
    await expect(store.set(id, data)).rejects.toMatchObject({ code: "invalid-id" });
    await expect(called((done) => store.set(id, data, done))).rejects.toMatchObject({ code: "invalid-id" });
    await store.touch(id, data);
    await store.destroy(id);
  },
);

test("a store with a closed manager reports it in callbacks and promises", async () => {
  const handler = createMemoryHandler();
  const store = createExpressStore(handler);
  await store.set("id", data);
  await store.sessions.close();
  const calls = [
    () => store.get("id"),
    () => store.set("id", data),
    () => store.touch("id", data),
    () => store.destroy("id"),
    () => called<unknown>((done) => store.get("id", done)),
    () => called((done) => store.set("id", data, done)),
    () => called((done) => store.touch("id", data, done)),
    () => called((done) => store.destroy("id", done)),
  ];
  for (const call of calls) await expect(call()).rejects.toMatchObject({ code: "closed" });
});

test("a custom format that accepts foreign ids may be used", async () => {
  const handler = createMemoryHandler();
  const format: SessionFormat = { ...expressFormat(), keyOf: (id) => `sess:own:${id}` };
  const store = createExpressStore(createSessionManager({ handler, format }));
  await store.set("id", data);
  expect(await textIn(handler, "own:id")).toContain("Ann");
});
