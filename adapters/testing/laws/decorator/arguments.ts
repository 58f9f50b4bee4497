import assert from "node:assert/strict";
import type { ListOptions } from "sessionwire/backend";
import { type Law, rejects } from "../law.ts";
import { create, type Decoration, setUp } from "./fixture.ts";
import { ListingInnerHandler } from "./inner-handler.ts";

/** A decorator refuses unusable arguments before the inner handler is called. */
export const argumentLaws: readonly Law<Decoration>[] = [
  {
    law: 11,
    says: "wrong arguments are refused before the inner handler is called",
    async check(decoration) {
      const { handler, inner } = setUp(decoration, new ListingInnerHandler());
      for (const id of ["", "x".repeat(1025), "a\ud800", 7, null] as never[]) {
        await rejects(handler.read(id), "invalid-id");
        await rejects(handler.write(id, new Uint8Array(1), create), "invalid-id", "not-applied");
        await rejects(handler.touch(id, 60), "invalid-id", "not-applied");
        await rejects(handler.destroy(id), "invalid-id", "not-applied");
      }
      for (const ttlSeconds of [0, -1, 0.5, Number.NaN, Infinity, 2 ** 31] as never[]) {
        await assert.rejects(handler.read("a", { ttlSeconds }), RangeError);
        await assert.rejects(handler.write("a", new Uint8Array(1), { replaces: undefined, ttlSeconds }), RangeError);
        await assert.rejects(handler.touch("a", ttlSeconds), RangeError);
      }
      await assert.rejects(handler.write("a", "x" as never, create), TypeError);
      await assert.rejects(handler.write("a", new Uint8Array(1), { ttlSeconds: 60 } as never), TypeError);
      await assert.rejects(handler.destroy("a", { replaces: "" as never }), TypeError);
      await assert.rejects(handler.destroy("a", { replace: "v" } as never), TypeError);
      if (!decoration.changesKeys) {
        await rejects(handler.list({ prefix: "\ud800" }), "invalid-id");
        await assert.rejects(handler.list({ cursor: "" }), TypeError);
        await assert.rejects(handler.list({ prefxi: "a" } as ListOptions), TypeError);
      }
      assert.deepEqual(inner.asked, []);
    },
  },
  {
    law: 33,
    says: "anything but a handler is refused when it is decorated",
    async check(decoration) {
      const text = Object.assign(Object.create(new ListingInnerHandler()), { touch: "a text" });
      for (const wrong of [{}, null, "redis://localhost", { read() {} }, text] as never[]) {
        assert.throws(() => decoration.decorate(wrong, setUp(decoration).clock), TypeError);
      }
    },
  },
];
