import { createSessionManager, expressFormat, type Json, nativeFormat, type ReadOnly, type Session } from "sessionwire";
import { isJsonObject, isOpaqueValue, opaqueBytes, recordOf, type SessionFormat } from "sessionwire/backend";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { Amount, amountFormat } from "./opaque-format.ts";

const handler = createMemoryHandler();
const sessions = createSessionManager({ handler, format: amountFormat() });
const amount = new Amount(2n ** 64n);

async function reopened(session: Session): Promise<Session> {
  await session.save();
  const again = await sessions.open(session.id);
  if (again === undefined) throw new Error("There is no such session.");
  return again;
}

describe("an opaque value", () => {
  test("is returned as it is, alone and anywhere within plain data", async () => {
    const session = await sessions.create();
    session.set("alone", amount);
    session.set("within", { list: [1, amount] });
    session.flash.add("info", { amount });
    expect(session.get("alone")).toBe(amount);
    expect(session.copy("alone")).toBe(amount);
    expect(session.get("within")).toEqual({ list: [1, amount] });
    expect((session.get("within") as { list: unknown[] }).list[1]).toBe(amount);
    expect((session.copy("within") as { list: unknown[] }).list[1]).toBe(amount);
    expect((session.flash.peek("info")[0] as { amount: unknown }).amount).toBe(amount);
  });

  test("reaches the function of an update, and may be its result", async () => {
    const session = await sessions.create();
    session.set("amount", amount);
    const result = session.update("amount", (current) => doubled(current as Amount));
    expect(session.get("amount")).toBe(result);
    const again = await reopened(session);
    again.update("amount", (current) => [current]);
    const [stored] = (await reopened(again)).get("amount") as [Amount];
    expect(stored.units).toBe(2n ** 65n);
  });

  test("reads back as its format has stored it", async () => {
    const session = await sessions.create();
    session.set("amount", { list: [amount] });
    session.flash.add("info", amount);
    const again = await reopened(session);
    expect((again.get("amount") as { list: Amount[] }).list[0]?.units).toBe(amount.units);
    expect((again.flash.take("info")[0] as unknown as Amount).units).toBe(amount.units);
  });

  test("is no level of its own", async () => {
    let value: unknown = amount;
    for (let level = 0; level < 100; level += 1) value = [value];
    const session = await sessions.create();
    session.set("deep", value);
    expect(JSON.stringify(session.copy("deep"))).toContain("{}");
  });

  test("takes the room that it says", async () => {
    const small = createSessionManager({ handler: createMemoryHandler({ maxBytes: 300 }), format: amountFormat() });
    const session = await small.create();
    expect(() => session.set("large", new Amount(10n ** 300n))).toThrow(expect.objectContaining({ code: "too-large" }));
    session.set("amount", amount);
  });

  test("is only the same as itself when a message is removed", async () => {
    const session = await sessions.create();
    const [one, other] = [new Amount(1n), new Amount(2n)];
    for (const value of [{ one }, { one: other }]) session.flash.add("info", value);
    session.flash.remove("info", { one: other });
    expect(session.flash.peek("info")).toHaveLength(1);
    expect((session.flash.peek("info")[0] as { one: unknown }).one).toBe(one);
  });

  test("is neither an object nor an array of JSON", () => {
    expect(isOpaqueValue(amount)).toBe(true);
    expect(isJsonObject(amount)).toBe(false);
    for (const value of [{}, [], null, 1, "a", undefined]) expect(isOpaqueValue(value)).toBe(false);
  });

  test("is a value by its type, and read-only as it is", () => {
    expectTypeOf(amount).toExtend<Json>();
    expectTypeOf<ReadOnly<{ list: Amount[] }>>().toEqualTypeOf<{ readonly list: readonly Amount[] }>();
  });

  test("passes through a schema, and through an upgrade", async () => {
    const typed = createSessionManager({
      handler,
      format: amountFormat(),
      schema: z.object({ amount: z.instanceof(Amount).optional(), list: z.array(z.instanceof(Amount)).optional() }),
      onInvalid: ({ amount: old }) => ({ list: [old] }),
    });
    const session = await typed.create();
    session.set("amount", amount);
    expect(session.get("amount")).toBe(amount);
    await sessions.update((await reopened(session as unknown as Session)).id, (draft) => draft.set("list", "old"));
    expect((await typed.open(session.id))?.get("list")?.[0]?.units).toBe(amount.units);
  });
});

test("an upgrade may show another opaque value than the stored one", async () => {
  const upgrading = createSessionManager({
    handler,
    format: amountFormat(),
    schema: z.object({ amounts: z.array(z.instanceof(Amount)), old: z.string() }),
    onInvalid: ({ amounts }) => ({ amounts: (amounts as unknown as Amount[]).slice(0, 1).map(doubled), old: "now" }),
  });
  const session = await sessions.create();
  session.set("amounts", [amount]);
  session.set("old", 1);
  await session.save();
  const shown = await upgrading.open(session.id);
  expect(shown?.get("amounts")?.map(({ units }) => units)).toEqual([2n * amount.units]);
});

function doubled({ units }: Amount): Amount {
  return new Amount(2n * units);
}

test("a format whose acceptsOpaque is no function is refused when the manager is created", () => {
  const format = { ...nativeFormat(), acceptsOpaque: true } as unknown as SessionFormat;
  expect(() => createSessionManager({ handler, format })).toThrow(/acceptsOpaque/);
});

describe.each<[string, () => SessionFormat]>([
  ["native", nativeFormat],
  ["express", expressFormat],
  ["amount", amountFormat],
])("the %s format", (_, createFormat) => {
  test("refuses an opaque value that it does not know, and nothing has changed then", async () => {
    const session = await createSessionManager({ handler, format: createFormat() }).create();
    const strange = { [opaqueBytes]: 1 };
    for (const value of [strange, [strange], { a: strange }]) {
      expect(() => session.set("a", value)).toThrow(TypeError);
      expect(() => session.update("a", () => value)).toThrow(TypeError);
      expect(() => session.flash.add("a", value)).toThrow(TypeError);
      expect(() => session.flash.remove("a", value)).toThrow(TypeError);
    }
    expect(session.isChanged).toBe(false);
    expect(recordOf(session).attributes.size).toBe(0);
  });
});

test("metadata may be opaque if the format accepts it", async () => {
  const format: SessionFormat = { ...amountFormat(), checkMetadata: () => {} };
  const session = await createSessionManager({ handler, format }).create();
  session.metadata.set("amount", amount);
  expect(session.metadata.get("amount")).toBe(amount);
});

test("a store for express-session refuses a manager whose format has opaque values", () => {
  const format: SessionFormat = { ...amountFormat(), acceptsForeignIds: true };
  const manager = createSessionManager({ handler, format });
  expect(() => createExpressStore(manager)).toThrow(/plain data only, which the amount format does not allow/);
});
