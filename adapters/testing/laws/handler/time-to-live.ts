import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law } from "../law.ts";
import { create, type Fixture, gone, replace, stored } from "./fixture.ts";

/** A session lives exactly as long as its time to live. */
export const timeToLiveLaws: readonly Law<Fixture>[] = [
  {
    law: 6,
    says: "a session is absent once its time to live has passed",
    passesMs: 2025,
    async check({ handler, advance, lateMs }) {
      const version = await create(handler, "a", { ttlSeconds: 2 });
      await advance(2000 + 25 + lateMs);
      assert.equal(await handler.read("a"), undefined);
      assert.deepEqual(await handler.write("a", bytes("x"), { replaces: version, ttlSeconds: 60 }), gone);
    },
  },
  {
    law: 7,
    says: "a session exists until its time to live has passed",
    passesMs: 2_591_000_000,
    async check({ handler, advance }) {
      await create(handler, "a", { ttlSeconds: 100 });
      await create(handler, "month", { ttlSeconds: 2_592_001 });
      await advance(99_000);
      assert.equal(await stored(handler, "a"), "data");
      await advance(2_591_000_000 - 99_000);
      assert.equal(await stored(handler, "month"), "data");
    },
  },
  {
    law: 8,
    says: "a write sets its own time to live, longer or shorter",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const long = await create(handler, "shortened", { ttlSeconds: 100 });
      const short = await create(handler, "prolonged", { ttlSeconds: 10 });
      await replace(handler, "shortened", long, "x", 10);
      await replace(handler, "prolonged", short, "x", 100);
      await advance(11_000 + lateMs);
      assert.equal(await handler.read("shortened"), undefined);
      assert.equal(await stored(handler, "prolonged"), "x");
    },
  },
  {
    law: 9,
    says: "a read restarts the time to live only if it is told to, and changes nothing else",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      const a = await create(handler, "kept", { ttlSeconds: 10 });
      await create(handler, "not kept", { ttlSeconds: 10 });
      await advance(8000);
      assert.deepEqual(plain(await handler.read("kept", { ttlSeconds: 10 })), { data: bytes("data"), version: a });
      await handler.read("not kept");
      await advance(3000 + lateMs);
      assert.deepEqual(plain(await handler.read("kept")), { data: bytes("data"), version: a });
      assert.equal(await handler.read("not kept"), undefined);
    },
  },
  {
    law: 11,
    says: "a time to live is a whole number of seconds from 1 to 2^31 - 1, on write, touch and read alike",
    async check({ handler }) {
      const version = await create(handler, "a");
      for (const ttl of [0, -1, Number.NaN, Infinity, -Infinity, 0.5, 1.5, 2 ** 31, "60", null, {}, 60n]) {
        const ttlSeconds = ttl as number;
        await assert.rejects(handler.read("a", { ttlSeconds }), RangeError);
        await assert.rejects(handler.touch("a", ttlSeconds), RangeError);
        await assert.rejects(handler.write("a", bytes("x"), { replaces: version, ttlSeconds }), RangeError);
      }
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("data"), version });
      for (const ttlSeconds of [1, 2_591_999, 2_592_000, 2_592_001, 2 ** 31 - 1]) {
        assert.equal(await handler.touch("a", ttlSeconds), true);
        assert.equal(await stored(handler, "a"), "data");
      }
    },
  },
];
