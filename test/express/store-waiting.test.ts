import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { createScriptedHandler } from "sessionwire/testing";
import { afterEach, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

test("a store goes on with a session whose creation has no end: it can be stored, and be ended (law 111)", async () => {
  vi.useFakeTimers();
  const handler = createScriptedHandler(createMemoryHandler());
  const store = createExpressStore(handler);
  handler.next("write", () => new Promise(() => {}));
  store.set("a", { cookie: { originalMaxAge: 60_000 }, name: "lost" } as never);
  const storing = store.set("a", { cookie: { originalMaxAge: 60_000 }, name: "stored" } as never);
  await vi.advanceTimersByTimeAsync(21_000);
  await storing;
  expect(await store.get("a")).toMatchObject({ name: "stored" });
  handler.next("write", () => new Promise(() => {}));
  store.set("b", { cookie: { originalMaxAge: 60_000 } } as never);
  const ending = store.destroy("b");
  await vi.advanceTimersByTimeAsync(21_000);
  await ending;
  expect(await store.get("b")).toBeUndefined();
});
