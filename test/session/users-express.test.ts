import { createSessionManager, expressFormat } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";

const cookie = { originalMaxAge: null, httpOnly: true, path: "/" };

test("the content of req.session identifies its user, and the store of express-session lists only sessions", async () => {
  await using sessions = createSessionManager<{ userId: number; cart: string[] }>({
    handler: createMemoryHandler(),
    format: expressFormat(),
    users: { idOf: (session) => session.get("userId") },
  });
  const store = createExpressStore(sessions);
  for (const sid of ["one", "two"]) await store.set(sid, { cookie, userId: 7, flash: { notice: ["Hello"] } });
  await store.set("three", { cookie });
  expect((await store.ids?.())?.sort()).toEqual(["one", "three", "two"]);
  expect(await store.length?.()).toBe(3);
  expect(await store.all?.()).toHaveLength(3);
  await sessions.ofUser(7).endAll({ except: { id: "two" } });
  expect(await store.get("one")).toBeUndefined();
  expect(await store.get("two")).toMatchObject({ userId: 7, flash: { notice: ["Hello"] } });
  expect(await sessions.ofUser("7").list({ current: { id: "two" } })).toMatchObject([{ isCurrent: true }]);
  await store.clear?.();
  expect(await sessions.ofUser(7).list()).toEqual([]);
});

test("a format whose keys could be those of lists is refused", () => {
  for (const prefix of ["", "u", "user:", "user:x"]) {
    const options = { handler: createMemoryHandler(), format: expressFormat({ prefix }) };
    expect(() => createSessionManager({ ...options, users: { idOf: () => 7 } })).toThrow(TypeError);
    expect(() => createSessionManager(options)).not.toThrow();
  }
});
