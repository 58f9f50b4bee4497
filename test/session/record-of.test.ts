import { createSessionManager, expressFormat, type Session } from "sessionwire";
import { recordOf } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";

test("the record of a session has the stored content with the changes on top", async () => {
  const { sessions, id } = await storedSession();
  const session = (await sessions.open(id)) as Session;
  expect([...recordOf(session).attributes]).toEqual([["cart", [1]]]);
  session.set("user", "ann");
  session.delete("cart");
  session.flash.add("notice", "hello");
  session.metadata.set("cookie", { originalMaxAge: 5000 });
  const { attributes, flashes, metadata } = recordOf(session);
  expect([...attributes]).toEqual([["user", "ann"]]);
  expect(flashes.get("notice")?.map(({ value }) => value)).toEqual(["hello"]);
  expect(metadata.get("cookie")).toEqual({ originalMaxAge: 5000 });
});

test("the record of an unchanged session is one object, and a later change creates another one", async () => {
  const { sessions, id } = await storedSession();
  const session = (await sessions.open(id)) as Session;
  const before = recordOf(session);
  expect(recordOf(session)).toBe(before);
  session.set("cart", [2]);
  expect(recordOf(session).attributes.get("cart")).toEqual([2]);
  expect(before.attributes.get("cart")).toEqual([1]);
  session.discard();
  expect(recordOf(session)).toBe(before);
});

test("the record of a draft includes the changes of the update so far", async () => {
  const { sessions, id } = await storedSession();
  const seen = await sessions.update(id, (draft) => {
    const before = recordOf(draft);
    draft.set("cart", [2]);
    return [before.attributes.get("cart"), recordOf(draft).attributes.get("cart")];
  });
  expect(seen).toEqual([[1], [2]]);
});

test("other objects have no record", () => {
  expect(() => recordOf({} as Session)).toThrow(TypeError);
});

async function storedSession() {
  const sessions = createSessionManager({ handler: createMemoryHandler(), format: expressFormat() });
  const session = await sessions.create();
  session.set("cart", [1]);
  await session.save();
  return { sessions, id: session.id };
}
