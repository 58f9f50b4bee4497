import { createSessionManager, expressFormat } from "sessionwire";
import { createExpressStore, type ExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { createScriptedHandler, createVirtualClock, type ScriptedHandler } from "sessionwire/testing";
import { afterEach, describe, expect, test, vi } from "vitest";

afterEach(() => {
  vi.useRealTimers();
});

describe("a store goes on with a session whose creation never ends: it can be stored and ended (law 111)", () => {
  test("by the system clock", async () => {
    vi.useFakeTimers();
    const handler = createScriptedHandler(createMemoryHandler());
    await expectToGoOn(createExpressStore(handler), handler, (ms) => vi.advanceTimersByTimeAsync(ms));
  });

  test("by the clock of its manager", async () => {
    const clock = createVirtualClock();
    const handler = createScriptedHandler(createMemoryHandler({ clock }));
    const sessions = createSessionManager({ handler, format: expressFormat(), clock });
    await expectToGoOn(createExpressStore(sessions), handler, (ms) => clock.advance(ms));
  });
});

async function expectToGoOn(
  store: ExpressStore,
  handler: ScriptedHandler,
  advance: (ms: number) => Promise<unknown>,
): Promise<void> {
  handler.next("write", () => new Promise(() => {}));
  store.set("a", { cookie: { originalMaxAge: 60_000 }, name: "lost" } as never);
  const storing = store.set("a", { cookie: { originalMaxAge: 60_000 }, name: "stored" } as never);
  await advance(21_000);
  await storing;
  expect(await store.get("a")).toMatchObject({ name: "stored" });
  handler.next("write", () => new Promise(() => {}));
  store.set("b", { cookie: { originalMaxAge: 60_000 } } as never);
  const ending = store.destroy("b");
  await advance(21_000);
  await ending;
  expect(await store.get("b")).toBeUndefined();
}
