import assert from "node:assert/strict";
import { plain } from "../answers.ts";
import { bytes, type Law } from "../law.ts";
import { create, type Fixture } from "./fixture.ts";

/** Arguments of the wrong kind are refused. */
export const argumentLaws: readonly Law<Fixture>[] = [
  {
    law: 33,
    says: "arguments of the wrong kind are refused, and change nothing",
    async check({ handler }) {
      const version = await create(handler, "a");
      for (const data of ["text", [1, 2], null, undefined, new ArrayBuffer(1), new Uint16Array(1)] as unknown[]) {
        await assert.rejects(handler.write("a", data as Uint8Array, { replaces: version, ttlSeconds: 60 }), TypeError);
      }
      for (const replaces of ["", 1, null, {}] as never[]) {
        await assert.rejects(handler.write("a", bytes("x"), { replaces, ttlSeconds: 60 }), TypeError);
        await assert.rejects(handler.destroy("a", { replaces }), TypeError);
      }
      await assert.rejects(handler.read("a", { signal: {} as AbortSignal }), TypeError);
      await assert.rejects(handler.write("a", bytes("x"), undefined as never), TypeError);
      assert.deepEqual(plain(await handler.read("a")), { data: bytes("data"), version });
    },
  },
  {
    law: 33,
    says: "options that would change what a call means are refused: no replaces in a write, a misspelled one in a destroy",
    async check({ handler }) {
      await create(handler, "a");
      for (const options of [undefined, null, {}, { ttlSeconds: 60 }] as never[]) {
        await assert.rejects(handler.write("b", bytes("x"), options), TypeError);
      }
      for (const options of [null, "version", 5, { replace: "v" }, { replaces: "v", tll: 1 }] as never[]) {
        await assert.rejects(handler.destroy("a", options), TypeError);
      }
      assert.ok(await handler.read("a"));
      assert.equal(await handler.read("b"), undefined);
    },
  },
];
