import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law } from "../law.ts";
import { create, type Fixture, replace, stored } from "./fixture.ts";

/** A touch restarts the time to live and changes nothing else. */
export const touchLaws: readonly Law<Fixture>[] = [
  {
    law: 12,
    says: "touching a live session returns true and restarts its time to live, which may shorten it",
    passesMs: 11000,
    async check({ handler, advance, lateMs }) {
      await create(handler, "longer", { ttlSeconds: 10 });
      await create(handler, "shorter", { ttlSeconds: 100 });
      assert.equal(await handler.touch("longer", 100), true);
      assert.equal(await handler.touch("shorter", 10), true);
      await advance(11_000 + lateMs);
      assert.equal(await stored(handler, "longer"), "data");
      assert.equal(await handler.read("shorter"), undefined);
    },
  },
  {
    law: 13,
    says: "touching an absent session returns false and creates nothing",
    passesMs: 1100,
    async check({ handler, advance, lateMs }) {
      await create(handler, "destroyed");
      await handler.destroy("destroyed");
      await create(handler, "expired", { ttlSeconds: 1 });
      await advance(1100 + lateMs);
      for (const id of ["never", "destroyed", "expired"]) {
        assert.equal(await handler.touch(id, 60), false);
        assert.equal(await handler.read(id), undefined);
      }
    },
  },
  {
    law: 14,
    says: "a touch leaves data and version unchanged",
    async check({ handler }) {
      const version = await create(handler, "a");
      await handler.touch("a", 30);
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("data"), version });
      await replace(handler, "a", version, "next");
    },
  },
  {
    law: 15,
    says: "a touch never undoes a concurrent write",
    async check({ handler }) {
      for (let round = 0; round < 20; round += 1) {
        const version = await create(handler, `a${round}`);
        const touching = [handler.touch(`a${round}`, 60), handler.touch(`a${round}`, 60)];
        const writing = replace(handler, `a${round}`, version, "next");
        if (round % 2 === 0) touching.push(handler.touch(`a${round}`, 60));
        await Promise.all([...touching, writing]);
        assert.equal(await stored(handler, `a${round}`), "next");
      }
    },
  },
];
