import { createSessionManager, expressFormat, type Session, type SessionManagerOptions } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import * as z from "zod";
import { type Account, accountSchemas } from "./schemas.ts";

describe.each(accountSchemas)("by a schema of %s", (_, schema) => {
  async function start(attributes: Readonly<Record<string, unknown>> = {}) {
    const handler = createMemoryHandler();
    const untyped = createSessionManager({ handler });
    const session = await untyped.create();
    for (const [name, value] of Object.entries({ kept: 1, ...attributes })) session.set(name, value);
    await session.save();
    const open = async (options: Pick<SessionManagerOptions<Account>, "onInvalid"> = {}) => {
      const typed = await createSessionManager({ handler, schema, ...options }).open(session.id);
      return typed as Session<Account>;
    };
    const stored = async () => {
      const found = await untyped.open(session.id);
      return Object.fromEntries(found?.names().map((name) => [name, found.copy(name)]) ?? []);
    };
    return { open, stored };
  }

  test("a refused value is refused in words that contain no value, and nothing has changed then", async () => {
    const { open } = await start();
    const session = await open();
    for (const value of [{ name: "" }, { name: 7 }, {}, "secret"]) {
      expect(() => session.set("user", value as never)).toThrow(
        expect.objectContaining({ code: "invalid", message: 'The schema refuses the attribute "user".' }),
      );
    }
    expect(() => session.update("visits", () => 1.5)).toThrow(expect.objectContaining({ code: "invalid" }));
    expect(session.isChanged).toBe(false);
  });

  test("what the schema returns is stored, and attributes that it does not know are neither set nor lost", async () => {
    const { open, stored } = await start({ visits: 1 });
    const session = await open();
    session.set("user", { name: " Ann ", password: "which the schema leaves out" } as never);
    session.update("visits", (visits = 0) => visits + 1);
    expect(session.get("user")).toEqual({ name: "Ann" });
    expect(() => session.set("unknown" as never, 1 as never)).toThrow(expect.objectContaining({ code: "invalid" }));
    await session.save();
    expect(await stored()).toEqual({ kept: 1, visits: 2, user: { name: "Ann" } });
  });

  test("stored attributes that it refuses are an error, or absent, or upgraded", async () => {
    const { open, stored } = await start({ user: "Ann", visits: 1 });
    expect((await open()).get("user")).toBe("Ann");
    await expect(open({ onInvalid: "error" })).rejects.toMatchObject({ code: "invalid" });
    const dropped = await open({ onInvalid: "drop" });
    expect([dropped.has("user"), dropped.get("visits")]).toEqual([false, 1]);
    const upgraded = await open({ onInvalid: ({ user, ...others }) => ({ ...others, user: { name: user } }) });
    upgraded.update("user", (user) => user && { name: `${user.name}!` });
    await upgraded.save();
    expect(await stored()).toMatchObject({ user: { name: "Ann!" }, visits: 1 });
  });
});

test("an asynchronous schema is refused in words, and what does not implement Standard Schema when the manager is made", async () => {
  const handler = createMemoryHandler();
  const schema = z.object({ user: z.string().refine(async () => true) });
  const session = await createSessionManager({ handler, schema }).create();
  expect(() => session.set("user", "Ann")).toThrow(/asynchronous/);
  for (const wrong of [null, {}, () => true, { "~standard": {} }]) {
    expect(() => createSessionManager({ handler, schema: wrong as never })).toThrow(TypeError);
  }
  expect(() => createSessionManager({ handler, onInvalid: "drop" })).toThrow(TypeError);
  expect(() => createSessionManager({ handler, schema, onInvalid: "ignore" as never })).toThrow(TypeError);
});

test("a schema whose result JSON cannot represent is refused", async () => {
  const schema = z.object({
    at: z
      .string()
      .transform((text) => new Date(text))
      .optional(),
  });
  const session = await createSessionManager({ handler: createMemoryHandler(), schema }).create();
  expect(() => session.set("at", "2000-01-01" as never)).toThrow(TypeError);
});

test("a rule about several attributes counts when they are stored", async () => {
  const schema = z
    .object({ from: z.number().optional(), to: z.number().optional() })
    .refine(({ from = 0, to = Infinity }) => from <= to);
  const session = await createSessionManager({ handler: createMemoryHandler(), schema }).create();
  session.set("to", 1);
  session.set("from", 2);
  await expect(session.save()).rejects.toMatchObject({ code: "invalid", outcome: "not-applied" });
  session.set("to", 3);
  await session.save();
});

test("express-session saves what the schema of the manager allows, and gets an error for the rest", async () => {
  const schema = z.object({ cart: z.array(z.string()).optional() });
  const sessions = createSessionManager({ handler: createMemoryHandler(), format: expressFormat(), schema });
  const store = createExpressStore(sessions);
  const cookie = { originalMaxAge: null };
  await store.set("a", { cookie, cart: ["apple"] } as never);
  await expect(store.set("a", { cookie, cart: [1] } as never)).rejects.toMatchObject({ code: "invalid" });
  expect(await store.get("a")).toMatchObject({ cart: ["apple"] });
  const strict = createSessionManager({
    handler: sessions.handler,
    format: expressFormat(),
    schema,
    onInvalid: "error",
  });
  await createSessionManager({ handler: sessions.handler, format: expressFormat() }).update("a", (s) =>
    s.set("cart", 1),
  );
  const listed = createExpressStore(strict);
  expect(await listed.all?.()).toEqual([]);
  await listed.clear?.();
  expect(await store.get("a")).toBeUndefined();
});
