import assert from "node:assert/strict";
import type { Version } from "sessionwire";
import { plain } from "../answers.ts";
import { bytes, type Law } from "../law.ts";
import { create, type Fixture, gone, replace, stored } from "./fixture.ts";

/** A write replaces exactly the state that was read, or creates an absent session. */
export const conditionalWriteLaws: readonly Law<Fixture>[] = [
  {
    law: 10,
    says: "a refused write changes neither data nor version nor expiry, and reports what is stored",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const first = await create(handler, "a", { data: "one", ttlSeconds: 10 });
      const second = await replace(handler, "a", first, "two", 10);
      const refused = await handler.write("a", bytes("three"), { replaces: first, ttlSeconds: 100 });
      assert.deepEqual(plain(refused), { written: false, current: { data: bytes("two"), version: second } });
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("two"), version: second });
      await advance(11_000 + lateMs);
      assert.equal(await handler.read("a"), undefined);
    },
  },
  {
    law: 19,
    says: "a replacing write succeeds exactly if the stored state is the one that was read",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      const other = await create(handler, "b", { data: "other" });
      const second = await replace(handler, "a", first, "two");
      assert.equal((await handler.write("a", bytes("x"), { replaces: first, ttlSeconds: 60 })).written, false);
      assert.equal((await handler.write("a", bytes("x"), { replaces: other, ttlSeconds: 60 })).written, false);
      await replace(handler, "a", second, "three");
      assert.equal(await stored(handler, "a"), "three");
    },
  },
  {
    law: 20,
    says: "a creating write succeeds exactly if there is no session, where an expired one counts as none",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      const version = await create(handler, "a", { ttlSeconds: 1 });
      const refused = await handler.write("a", bytes("x"), { replaces: undefined, ttlSeconds: 60 });
      assert.deepEqual(plain(refused), { written: false, current: { data: bytes("data"), version } });
      await advance(1100 + lateMs);
      await create(handler, "a", { data: "new" });
      assert.equal(await stored(handler, "a"), "new");
    },
  },
  {
    law: 21,
    says: "of many concurrent writes that replace the same state, one succeeds",
    async check({ handler }) {
      const version = await create(handler, "a");
      const attempts = Array.from({ length: 50 }, (_, index) =>
        handler.write("a", bytes(`attempt ${index}`), { replaces: version, ttlSeconds: 60 }),
      );
      assert.equal((await Promise.all(attempts)).filter((result) => result.written).length, 1);
      const creations = Array.from({ length: 50 }, (_, index) =>
        handler.write("b", bytes(`creation ${index}`), { replaces: undefined, ttlSeconds: 60 }),
      );
      assert.equal((await Promise.all(creations)).filter((result) => result.written).length, 1);
    },
  },
  {
    law: 22,
    says: "a replacing write does not bring back an expired or destroyed session",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      const expired = await create(handler, "expired", { ttlSeconds: 1 });
      const destroyed = await create(handler, "destroyed");
      await handler.destroy("destroyed");
      await advance(1100 + lateMs);
      for (const [id, replaces] of [
        ["expired", expired],
        ["destroyed", destroyed],
      ] as const) {
        assert.deepEqual(await handler.write(id, bytes("back"), { replaces, ttlSeconds: 60 }), gone);
        assert.equal(await handler.read(id), undefined);
      }
    },
  },
  {
    law: 23,
    says: "different states have different versions, even across a destroy",
    async check({ handler }) {
      const versions = new Set<Version>([await create(handler, "a", { data: "0" })]);
      for (let round = 1; round < 20; round += 1) {
        versions.add(await replace(handler, "a", (await handler.read("a"))?.version, String(round)));
      }
      await handler.destroy("a");
      versions.add(await create(handler, "a", { data: "after" }));
      assert.equal(versions.size, 21);
    },
  },
  {
    law: 25,
    says: "a conditional write that arrives twice has the effect of one",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      await replace(handler, "a", first, "two");
      const second = await handler.read("a");
      assert.equal((await handler.write("a", bytes("two"), { replaces: first, ttlSeconds: 60 })).written, false);
      assert.deepEqual(await handler.read("a"), second);
      await handler.destroy("a");
      assert.deepEqual(await handler.write("a", bytes("two"), { replaces: first, ttlSeconds: 60 }), gone);
    },
  },
];
