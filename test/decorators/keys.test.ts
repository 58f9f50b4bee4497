import { inspect } from "node:util";
import { SessionError } from "sessionwire";
import { type Decorated, decorateHandler } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { rejects } from "sessionwire/testing";
import { describe, expect, expectTypeOf, test } from "vitest";
import { bytes, textOf } from "../redis/session-data.ts";

const creation = { replaces: undefined, ttlSeconds: 60 };

/** Keeps the sessions of one customer apart from those of others. */
function withCustomer(handler: ReturnType<typeof createMemoryHandler>) {
  return decorateHandler(handler, { key: (id) => `customer:${id}` });
}

describe("a decorator with a key of its own", () => {
  test("stores, finds and ends sessions under that key", async () => {
    const inner = createMemoryHandler();
    const handler = withCustomer(inner);
    await handler.write("a", bytes("one"), creation);
    expect(textOf(await inner.read("customer:a"))).toBe("one");
    expect(textOf(await handler.read("a"))).toBe("one");
    expect(await handler.touch("a", 60)).toBe(true);
    expect(await handler.destroy("a")).toEqual({ destroyed: true });
    expect(await inner.read("customer:a")).toBeUndefined();
  });

  test("has no listing, in its type neither", () => {
    const handler = withCustomer(createMemoryHandler());
    expect("list" in handler).toBe(false);
    expectTypeOf(handler).not.toHaveProperty("list");
    expectTypeOf<Decorated<ReturnType<typeof createMemoryHandler>>>().toHaveProperty("list");
  });

  test("shows the caller's id to its other hooks", async () => {
    const seen: unknown[] = [];
    const handler = decorateHandler(createMemoryHandler(), {
      key: (id) => `customer:${id}`,
      before: ({ id }) => void seen.push(id),
    });
    await handler.read("a");
    expect(seen).toEqual(["a"]);
  });

  const wrong: Record<string, () => string> = {
    throws: () => {
      throw new Error("No key for secret-id.");
    },
    "returns an empty key": () => "",
    "returns a key that is too long": (...[id = "secret-id"]: string[]) => id.repeat(1025),
    "returns a promise": () => Promise.resolve("a") as never,
  };
  test.each(Object.entries(wrong))("fails where it %s, and has passed nothing on", async (_, key) => {
    const inner = createMemoryHandler();
    const handler = decorateHandler(inner, { key });
    const failures = await Promise.all([
      rejects(handler.read("secret-id"), "failed"),
      rejects(handler.write("secret-id", bytes("x"), creation), "failed", "not-applied"),
      rejects(handler.touch("secret-id", 60), "failed", "not-applied"),
      rejects(handler.destroy("secret-id"), "failed", "not-applied"),
    ]);
    expect(inspect(failures, { depth: 10, showHidden: true })).not.toContain("secret-id");
    expect((await inner.list()).ids).toEqual([]);
  });

  test("passes on an error of the package that its key throws", async () => {
    const thrown = new SessionError("unauthorized", "Nobody has chosen a customer.");
    const handler = decorateHandler(createMemoryHandler(), {
      key() {
        throw thrown;
      },
    });
    await expect(handler.read("a")).rejects.toBe(thrown);
    await rejects(handler.touch("a", 60), "unauthorized", "not-applied");
  });
});
