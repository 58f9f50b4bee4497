import assert from "node:assert/strict";
import type { GuardedHandlerOptions } from "sessionwire/backend";
import type { Law } from "../law.ts";
import { hanging } from "../stand-ins.ts";
import type { CreateHandler } from "./fixture.ts";

/** A handler refuses unusable arguments when it is created. */
export const constructionLaws: readonly Law<CreateHandler>[] = [
  {
    law: 27,
    says: "handlers with different prefixes never see each other's sessions",
    async check(createHandler) {
      const keys: string[] = [];
      const backend = {
        read: (key: string) => void keys.push(key),
        write: () => ({ written: false as const, current: undefined }),
        touch: () => false,
        destroy: () => ({ destroyed: false as const, current: undefined }),
        close() {},
      };
      for (const prefix of ["s", "a:b:", ":", "::", "a:b", 7 as never, "\ud800:"]) {
        assert.throws(() => createHandler(backend, { name: "A store", prefix }), RangeError);
      }
      await createHandler(backend, { name: "A store", prefix: "s:" }).read("1:x");
      await createHandler(backend, { name: "A store", prefix: "s1:" }).read(":x");
      await createHandler(backend, { name: "A store" }).read("x");
      assert.deepEqual(keys, ["s:1:x", "s1::x", "x"]);
    },
  },
  {
    law: 33,
    says: "anything but a backend and options is refused when the handler is created",
    async check(createHandler) {
      for (const wrong of [{}, null, "redis://localhost", { read() {} }] as never[]) {
        assert.throws(() => createHandler(wrong, { name: "A store" }), TypeError);
      }
      assert.throws(() => createHandler({ ...hanging, touch: "a text" as never }, { name: "A store" }), TypeError);
      const misspelled = { name: "A store", timeout: 500 } as GuardedHandlerOptions;
      assert.throws(() => createHandler(hanging, misspelled), TypeError);
    },
  },
];
