import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law } from "../law.ts";
import { create, type Fixture, gone, replace, stored } from "./fixture.ts";

/** A destroyed session stays absent until it is created anew. */
export const destroyLaws: readonly Law<Fixture>[] = [
  {
    law: 16,
    says: "a destroyed session stays absent until it is created anew",
    async check({ handler }) {
      await create(handler, "a");
      assert.deepEqual(await handler.destroy("a"), { destroyed: true });
      assert.equal(await handler.read("a"), undefined);
      await create(handler, "a", { data: "new" });
      assert.equal(await stored(handler, "a"), "new");
    },
  },
  {
    law: 17,
    says: "destroying an absent session resolves, and a conditional destroy ends only the state that was read",
    async check({ handler }) {
      const none = { destroyed: false, current: undefined };
      assert.deepEqual(await handler.destroy("never"), none);
      const first = await create(handler, "a", { data: "one" });
      const second = await replace(handler, "a", first, "two");
      const current = { data: bytes("two"), version: second };
      assert.deepEqual(plain(await handler.destroy("a", { replaces: first })), { destroyed: false, current });
      assert.deepEqual(plain(await handler.read("a")), current);
      assert.deepEqual(await handler.destroy("a", { replaces: second }), { destroyed: true });
      assert.deepEqual(await handler.destroy("a", { replaces: second }), none);
      await create(handler, "b");
      const both = await Promise.all([handler.destroy("b"), handler.destroy("b")]);
      assert.deepEqual(both.map(({ destroyed }) => destroyed).sort(), [false, true]);
    },
  },
  {
    law: 18,
    says: "after a destroy no replacing write is accepted, only a creating one",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      const second = await replace(handler, "a", first, "two");
      await handler.destroy("a");
      for (const replaces of [first, second]) {
        assert.deepEqual(await handler.write("a", bytes("back"), { replaces, ttlSeconds: 60 }), gone);
      }
      assert.equal(await handler.read("a"), undefined);
      await create(handler, "a");
    },
  },
];
