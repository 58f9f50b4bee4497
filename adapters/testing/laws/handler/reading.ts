import assert from "node:assert/strict";
import type { Law } from "../law.ts";
import { create, type Fixture, replace, stored } from "./fixture.ts";

/** A read returns the stored session, and nothing if there is none. */
export const readingLaws: readonly Law<Fixture>[] = [
  {
    law: 1,
    says: "an id that was never written, was destroyed or has expired reads as undefined",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      assert.equal(await handler.read("never"), undefined);
      await create(handler, "destroyed");
      await handler.destroy("destroyed");
      assert.equal(await handler.read("destroyed"), undefined);
      await create(handler, "expired", { ttlSeconds: 1 });
      await advance(1100 + lateMs);
      assert.equal(await handler.read("expired"), undefined);
    },
  },
  {
    law: 2,
    says: "a read returns what the last write stored",
    async check({ handler }) {
      const first = await create(handler, "a", { data: "one" });
      assert.equal(await stored(handler, "a"), "one");
      await replace(handler, "a", first, "two");
      assert.equal(await stored(handler, "a"), "two");
    },
  },
  {
    law: 24,
    says: "reads without a write in between return the same version, which is the one that the write returned",
    async check({ handler }) {
      const version = await create(handler, "a");
      assert.equal((await handler.read("a"))?.version, version);
      assert.equal((await handler.read("a", { ttlSeconds: 60 }))?.version, version);
    },
  },
];
