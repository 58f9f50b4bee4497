import {
  createSessionManager,
  expressFormat,
  type Outcome,
  SessionError,
  type SessionHandler,
  withMigration,
} from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { rejectionOf } from "../redis/settling.ts";

/** Errors of a handler that does not say what became of a change. Then nobody knows, but of what comes before the change. */
describe("an error of the store leads to its place there, and reports the outcome of", () => {
  const failing = (methods: readonly (keyof SessionHandler)[]) => failingIn(createMemoryHandler(), methods);

  test("an update", async () => {
    const { handler, fail } = failing(["write"]);
    const sessions = createSessionManager({ handler });
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    fail();
    expectItsPlace(await rejectionOf(sessions.update(session.id, (draft) => draft.set("a", 2))), "unknown");
    session.set("a", 3);
    expectItsPlace(await rejectionOf(session.save()), "unknown");
  });

  test("a regeneration whose copy, or whose end of the old session, fails", async () => {
    for (const [method, outcome] of [
      ["write", "not-applied"],
      ["destroy", "unknown"],
    ] as const) {
      const { handler, fail } = failing([method]);
      const session = await createSessionManager({ handler }).create();
      session.set("a", 1);
      await session.save();
      fail();
      expectItsPlace(await rejectionOf(session.regenerate()), outcome);
    }
  });

  test("a touch and a destroy in the format of express-session", async () => {
    const { handler, fail } = failing(["read", "destroy"]);
    const sessions = createSessionManager({ handler, format: expressFormat(), touchEverySeconds: 0 });
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    fail();
    expectItsPlace(await rejectionOf(session.touch()), "unknown");
    expectItsPlace(await rejectionOf(sessions.destroy(session.id)), "unknown");
  });

  test("a step of a migration", async () => {
    const { handler, fail } = failing(["destroy"]);
    const migrating = withMigration(handler, createMemoryHandler());
    const created = await handler.write("a", new Uint8Array(), { replaces: undefined, ttlSeconds: 60 });
    expect(created.written).toBe(true);
    fail();
    expectItsPlace(await rejectionOf(migrating.destroy("a")), "unknown");
  });
});

function failingIn(inner: SessionHandler, methods: readonly (keyof SessionHandler)[]) {
  let fails = false;
  const handler: SessionHandler = { ...inner };
  for (const method of methods) {
    const replaced = (...args: never[]) =>
      fails ? failInTheStore() : (inner[method] as (...args: never[]) => unknown)(...args); // as the contract has it
    Object.assign(handler, { [method]: replaced });
  }
  return {
    handler,
    fail() {
      fails = true;
    },
  };
}

async function failInTheStore(): Promise<never> {
  throw new SessionError("timeout", "The store has not answered.");
}

function expectItsPlace(error: unknown, outcome: Outcome): void {
  expect(error).toMatchObject({ code: "timeout", outcome });
  expect((error as Error).stack).toMatch(/\n {4}at .*failInTheStore/);
}
