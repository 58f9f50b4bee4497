import { createSessionManager, type Json, type ReadOnly, type Session, type SessionManager } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expectTypeOf, test } from "vitest";
import * as z from "zod";
import { type Account, accountByArktype, accountByValibot, accountByZod } from "./schemas.ts";

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

test("attributes of any name may be JSON, which is read-only already", () => {
  const use = (session: Session<Record<string, Json>>, named: Session<{ any: Json; list: Json[] }>) => {
    expectTypeOf(session.get("any")).toExtend<Json | undefined>();
    expectTypeOf(named.get("any")).toExtend<Json | undefined>();
    expectTypeOf(named.get("list")).toEqualTypeOf<readonly Json[] | undefined>();
  };
  expectTypeOf(use).toBeFunction();
});

test("the types of attributes are those of a schema, of whichever library", () => {
  const handler = createMemoryHandler();
  type Stored = { user?: { name: string }; visits?: number };
  const managers = () =>
    [
      createSessionManager({ handler, schema: accountByZod }),
      createSessionManager({ handler, schema: accountByValibot }),
      createSessionManager({
        handler,
        schema: accountByArktype,
        users: { idOf: (session) => session.get("user")?.name },
      }),
    ] as const;
  const use = ([byZod, byValibot, byArktype]: ReturnType<typeof managers>, session: Session<Account>) => {
    expectTypeOf(byZod).toEqualTypeOf<SessionManager<Account>>();
    expectTypeOf(byValibot).toEqualTypeOf<SessionManager<Account>>();
    expectTypeOf(byArktype).toEqualTypeOf<SessionManager<Stored>>();
    expectTypeOf(session.get("user")).toEqualTypeOf<{ readonly name: string } | undefined>();
    session.update("visits", (visits = 0) => visits + 1);
    // @ts-expect-error The schema has no such attribute.
    session.set("unknown", 1);
    // @ts-expect-error It is a number.
    session.set("visits", "1");
  };
  expectTypeOf(use).toBeFunction();
});

test("a given type and a schema must agree, and a schema describes an object", () => {
  const use = () => {
    const handler = createMemoryHandler();
    // @ts-expect-error It is a text in the type.
    createSessionManager<{ visits: string }>({ handler, schema: accountByZod });
    // @ts-expect-error A session is no text.
    createSessionManager({ handler, schema: z.string() });
  };
  expectTypeOf(use).toBeFunction();
});
