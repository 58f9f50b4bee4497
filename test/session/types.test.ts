import { createSessionManager, type Json, type ReadOnly, type Session, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expectTypeOf, test } from "vitest";

interface Shop {
  items: { readonly sku: string; amounts: number[] }[];
  coupon?: string;
}

const sessions = createSessionManager<Shop>({ handler: createMemoryHandler() });

test("names and values of attributes are those of the given type", () => {
  const use = (session: Session<Shop>) => {
    expectTypeOf(session.get("items")).toEqualTypeOf<ReadOnly<Shop["items"]> | undefined>();
    expectTypeOf(session.copy("items")).toEqualTypeOf<Shop["items"] | undefined>();
    expectTypeOf(session.names()).toEqualTypeOf<("items" | "coupon")[]>();
    session.set("coupon", "spring");
    session.update("items", (items = []) => [...items, { sku: "a", amounts: [1] }]);
    session.update("coupon", () => undefined);
    // @ts-expect-error There is no such attribute.
    session.get("unknown");
    // @ts-expect-error It is a text.
    session.set("coupon", 1);
    // @ts-expect-error Of items, there is a list.
    session.update("items", () => "none");
  };
  expectTypeOf(use).toBeFunction();
});

test("values from get are read-only at every level, those from copy are not", () => {
  const use = (session: Session<Shop>) => {
    const items = session.get("items");
    // @ts-expect-error It cannot be added to.
    items?.push({ sku: "a", amounts: [] });
    // @ts-expect-error Nor can what is in it.
    items?.[0]?.amounts.push(1);
    session.copy("items")?.[0]?.amounts.push(1);
  };
  expectTypeOf(use).toBeFunction();
});

test("a manager returns sessions of its type, and an update returns the result of its function", () => {
  expectTypeOf(sessions).toEqualTypeOf<SessionManager<Shop>>();
  expectTypeOf(sessions.open).returns.resolves.toEqualTypeOf<Session<Shop> | undefined>();
  expectTypeOf(sessions.create).returns.resolves.toEqualTypeOf<Session<Shop>>();
  const update = () => sessions.update("id", (draft) => draft.get("items")?.length ?? 0);
  expectTypeOf(update).returns.resolves.toEqualTypeOf<number>();
  const store = () => createExpressStore(sessions).sessions;
  expectTypeOf(store).returns.toEqualTypeOf<SessionManager<Shop>>();
});

test("an update of an attribute returns the result of its function", () => {
  const add = () => sessions.update("id", (draft) => draft.update("items", (items = []) => [...items]));
  expectTypeOf(add).returns.resolves.toEqualTypeOf<{ readonly sku: string; amounts: number[] }[]>();
});

test("without a type, attributes have any name and are unknown", () => {
  const use = (session: Session) => {
    expectTypeOf(session.get("any")).toBeUnknown();
    session.set("any", [1, "a", null]);
    expectTypeOf(session.flash.take("notice")).toEqualTypeOf<readonly Json[]>();
  };
  expectTypeOf(use).toBeFunction();
});
