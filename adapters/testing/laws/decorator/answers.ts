import assert from "node:assert/strict";
import type { StoredSession } from "sessionwire";
import type { DestroyOptions, ReadOptions, WriteOptions } from "sessionwire/backend";
import type { Law } from "../law.ts";
import { type Decoration, data, type Method, setUp, storedBy, version } from "./fixture.ts";

/** Arguments reach the inner handler, and its answers reach the caller. */
export const answerLaws: readonly Law<Decoration>[] = [
  {
    law: 56,
    says: "answers are those of the inner handler",
    async check(decoration) {
      const fixture = setUp(decoration);
      const { handler, inner } = fixture;
      const inside = await storedBy(fixture);
      const session: StoredSession = { data, version };
      const written = { replaces: version, ttlSeconds: 60 };
      const calls: [Method, () => Promise<unknown>, answer: unknown, expected: unknown][] = [
        ["read", () => handler.read("a"), undefined, undefined],
        ["read", () => handler.read("a"), inside, session],
        ["touch", () => handler.touch("a", 60), true, true],
        ["touch", () => handler.touch("a", 60), false, false],
        ["write", () => handler.write("a", data, written), { written: true, version }, { written: true, version }],
        ["destroy", () => handler.destroy("a"), { destroyed: true }, { destroyed: true }],
      ];
      for (const [current, seen] of [
        [undefined, undefined],
        [inside, session],
      ]) {
        const [answer, expected] = [{ current }, { current: seen }];
        calls.push(
          [
            "write",
            () => handler.write("a", data, written),
            { written: false, ...answer },
            { written: false, ...expected },
          ],
          ["destroy", () => handler.destroy("a"), { destroyed: false, ...answer }, { destroyed: false, ...expected }],
        );
      }
      for (const [method, make, answer, expected] of calls) {
        inner.answers[method] = () => answer;
        const result = await make();
        assert.deepEqual(result, expected);
        if (!decoration.changesBytes) assert.equal(result, answer);
      }
    },
  },
  {
    law: 57,
    says: "conditions and times to live are passed on unchanged, and so are ids and bytes unless the decorator exists to change them",
    async check(decoration) {
      const { handler, inner } = setUp(decoration);
      await handler.read("a");
      await handler.read("\u00e9", { ttlSeconds: 7 });
      await handler.write("b ", data, { replaces: version, ttlSeconds: 8 });
      await handler.write("B", data, { replaces: undefined, ttlSeconds: 2 ** 31 - 1 });
      await handler.touch("c", 9);
      await handler.destroy("d");
      await handler.destroy("e", { replaces: version });
      const bytesIn = (given: unknown) => (decoration.changesBytes ? "other bytes" : given);
      const expectedIds = ["a", "\u00e9", "b ", "B", "c", "d", "e"];
      const ids = decoration.changesKeys ? inner.asked.map(([, id]) => id) : expectedIds;
      assert.deepEqual(
        inner.asked.map(([method, id, ...args]) => {
          const [first, second] = args;
          if (method === "write") return [method, id, bytesIn(first), meaningOf(second)];
          return method === "touch" ? [method, id, first] : [method, id, meaningOf(first)];
        }),
        [
          ["read", ids[0], meaningOf({})],
          ["read", ids[1], meaningOf({ ttlSeconds: 7 })],
          ["write", ids[2], bytesIn(data), meaningOf({ replaces: version, ttlSeconds: 8 })],
          ["write", ids[3], bytesIn(data), meaningOf({ ttlSeconds: 2 ** 31 - 1 })],
          ["touch", ids[4], 9],
          ["destroy", ids[5], meaningOf({})],
          ["destroy", ids[6], meaningOf({ replaces: version })],
        ],
      );
    },
  },
];

/** Returns the options that matter, because a decorator may add a signal of its own. */
function meaningOf(options: unknown): { replaces: unknown; ttlSeconds: unknown } {
  const { replaces, ttlSeconds }: ReadOptions & DestroyOptions & Partial<WriteOptions> = options ?? {};
  return { replaces, ttlSeconds };
}
