import assert from "node:assert/strict";
import { confusableIds } from "../confusable-ids.ts";
import { bytes, type Law, rejects } from "../law.ts";
import { create, type Fixture, stored } from "./fixture.ts";

/** Ids are opaque, and each one has its own session. */
export const idLaws: readonly Law<Fixture>[] = [
  {
    law: 26,
    says: "ids that differ in any way are different sessions",
    async check({ handler }) {
      for (const id of confusableIds) await create(handler, id, { data: `data of ${id}` });
      for (const id of confusableIds) assert.equal(await stored(handler, id), `data of ${id}`);
      for (const id of confusableIds.filter((_, index) => index % 2 === 0))
        assert.ok((await handler.destroy(id)).destroyed);
      for (const [index, id] of confusableIds.entries()) {
        assert.equal(await stored(handler, id), index % 2 === 0 ? undefined : `data of ${id}`);
      }
    },
  },
  {
    law: 28,
    says: "an id of 1 to 1024 well-formed units works, any other is refused with code invalid-id",
    async check({ handler }) {
      await create(handler, "x".repeat(1024));
      assert.equal(await stored(handler, "x".repeat(1024)), "data");
      const refused = [
        "",
        "x".repeat(1025),
        "a\ud800b",
        "\udbff",
        7,
        null,
        undefined,
        ["a"],
        new Array(1e6),
        { toString: () => "a" },
      ];
      for (const id of refused as string[]) {
        await rejects(handler.read(id), "invalid-id");
        await rejects(
          handler.write(id, bytes("x"), { replaces: undefined, ttlSeconds: 60 }),
          "invalid-id",
          "not-applied",
        );
        await rejects(handler.touch(id, 60), "invalid-id", "not-applied");
        await rejects(handler.destroy(id), "invalid-id", "not-applied");
      }
      assert.equal(await handler.read("a"), undefined);
    },
  },
];
