import { promisify } from "node:util";
import { createSessionManager, expressFormat, nativeFormat, withEncryption } from "sessionwire";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";

type Attributes = { user: string };

/** Sessions, and what becomes of them for a process that lacks their key. */
async function openScene(createFormat: typeof nativeFormat | typeof expressFormat) {
  const store = createMemoryHandler();
  const managerWith = (id: string) =>
    createSessionManager<Attributes>({
      handler: withEncryption(store, { keys: [keyNamed(id)] }),
      format: createFormat(),
    });
  const before = managerWith("2026");
  const session = await before.create();
  session.set("user", "ann");
  await session.save();
  return { store, before, after: managerWith("2027"), id: session.id };
}

describe.each(Object.entries({ nativeFormat, expressFormat }))(
  "in the format of %s, a session whose key is gone",
  (_, createFormat) => {
    test("is never absent, and comes back with its key (law 141)", async () => {
      const { before, after, id } = await openScene(createFormat);
      await rejects(after.open(id), "key-missing", "any");
      await rejects(after.open(id, { keepAlive: false }), "key-missing", "any");
      await rejects(
        after.update(id, (draft) => draft.set("user", "eve")),
        "key-missing",
        "not-applied",
      );
      expect((await before.open(id))?.get("user")).toBe("ann");
    });

    test("can be destroyed, as every unreadable one", async () => {
      const { before, after, id } = await openScene(createFormat);
      await after.destroy(id);
      expect(await before.open(id)).toBeUndefined();
    });
  },
);

test("the store for express-session reports a missing key, and neither begins a new session nor hides it from all() (law 141)", async () => {
  const { after, id } = await openScene(expressFormat);
  const store = createExpressStore(after);
  const get = promisify(store.get.bind(store));
  await rejects(get(id), "key-missing", "any");
  const all = promisify((store.all ?? expect.fail()).bind(store));
  await rejects(all(), "key-missing", "any");
});
