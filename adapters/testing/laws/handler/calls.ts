import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law, rejects, text } from "../law.ts";
import { create, type Fixture, replace, stored } from "./fixture.ts";

/** Calls may overlap, be aborted, and come after the close. */
export const callLaws: readonly Law<Fixture>[] = [
  {
    law: 39,
    says: "a call with an aborted signal is refused and has no effect",
    async check({ handler }) {
      const version = await create(handler, "a");
      const reason = new Error("changed my mind");
      const signal = AbortSignal.abort(reason);
      const refused = [
        await rejects(handler.read("a", { signal }), "aborted"),
        await rejects(
          handler.write("a", bytes("x"), { replaces: version, ttlSeconds: 60, signal }),
          "aborted",
          "not-applied",
        ),
        await rejects(handler.touch("a", 60, { signal }), "aborted", "not-applied"),
        await rejects(handler.destroy("a", { signal }), "aborted", "not-applied"),
      ];
      for (const error of refused) assert.equal(error.cause, reason);
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("data"), version });
    },
  },
  {
    law: 40,
    says: "closing is idempotent, and every later call rejects with code closed",
    async check({ handler }) {
      await create(handler, "a");
      await Promise.all([handler.close(), handler.close()]);
      await handler[Symbol.asyncDispose]();
      await rejects(handler.read("a"), "closed");
      await rejects(handler.write("b", bytes("x"), { replaces: undefined, ttlSeconds: 60 }), "closed", "not-applied");
      await rejects(handler.touch("a", 60), "closed", "not-applied");
      await rejects(handler.destroy("a"), "closed", "not-applied");
    },
  },
  {
    law: 44,
    says: "a thousand simultaneous calls behave like a thousand in some order",
    async check({ handler }) {
      await create(handler, "counter", { data: "0" });
      const increments = Array.from({ length: 40 }, async () => {
        let current = await handler.read("counter");
        for (let tries = 0; tries < 100; tries += 1) {
          assert.ok(current);
          const next = bytes(String(Number(text(current.data)) + 1));
          const result = await handler.write("counter", next, { replaces: current.version, ttlSeconds: 60 });
          if (result.written) return;
          current = result.current;
        }
        assert.fail("A hundred conflicts in a row.");
      });
      const others = Array.from({ length: 300 }, async (_, index) => {
        const version = await create(handler, `other ${index}`, { data: "x" });
        await replace(handler, `other ${index}`, version, String(index));
        assert.equal(await stored(handler, `other ${index}`), String(index));
      });
      await Promise.all([...increments, ...others]);
      assert.equal(await stored(handler, "counter"), "40");
    },
  },
];
