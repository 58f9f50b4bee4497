import assert from "node:assert/strict";
import type { ListOptions, SessionPage } from "sessionwire";
import { rejects } from "sessionwire/testing";
import { handlerWith } from "./fakes.ts";
import type { Law, Subject } from "./law.ts";

/** What the decorators do for a listing, on handlers made for the purpose. */
export const listingLaws: readonly Law<Subject>[] = [
  {
    law: 112,
    says: "a cursor that no page of the memory has given is refused",
    async check({ createMemoryHandler }) {
      const handler = createMemoryHandler();
      for (const cursor of ["a text of no meaning", "0", "0:", "-1:0"]) {
        await rejects(handler.list({ cursor }), "failed", "any");
      }
    },
  },
  {
    law: 112,
    says: "a decorated handler can list just when the one inside can, and passes its options on unchanged, once",
    async check({ withTimeout, withConnectionCheck, createMemoryHandler }) {
      for (const decorate of [withTimeout, withConnectionCheck]) {
        const asked: unknown[] = [];
        const page: SessionPage = { ids: ["a"], next: "b" };
        const { list: _, ...plain } = createMemoryHandler();
        assert.ok(!("list" in decorate(plain)));
        const handler = decorate(
          Object.assign(handlerWith({}), {
            list: async (options?: ListOptions) => {
              asked.push([options?.prefix, options?.cursor]);
              return page;
            },
          }),
        );
        assert.equal(await handler.list({ prefix: "p", cursor: "c" }), page);
        assert.equal(await handler.list(), page);
        assert.deepEqual(asked, [
          ["p", "c"],
          [undefined, undefined],
        ]);
        await handler.close();
        await rejects(handler.list(), "closed");
        assert.equal(asked.length, 2);
      }
    },
  },
  {
    law: 112,
    says: "an error of the package passes a decorator unchanged, a foreign one is wrapped, both without an outcome",
    async check({ withTimeout, withConnectionCheck, SessionError }) {
      for (const decorate of [withTimeout, withConnectionCheck]) {
        for (const thrown of [new SessionError("overloaded", "Too much."), new Error("foreign")]) {
          const handler = decorate({ ...handlerWith({}), list: () => Promise.reject(thrown) });
          const caught = await handler.list().catch((error: unknown) => error);
          if (thrown instanceof SessionError) assert.equal(caught, thrown);
          else assert.equal((await rejects(Promise.reject(caught), "failed")).cause, thrown);
        }
      }
    },
  },
];
