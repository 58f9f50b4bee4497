import assert from "node:assert/strict";
import { rejects } from "../law.ts";
import { countUp, given, LIMIT_MS, NOTICED_MS, stored } from "./actions.ts";
import { never, neverAnswered } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A change whose write has no answer is counted once. */
export const unansweredWriteLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    111,
    "callers that wait for a write that never ends proceed, and their changes count once",
    async (fixture) => {
      for (const fate of [never, neverAnswered]) {
        const id = await given(fixture, { count: 0 });
        fixture.handler.next("write", fate);
        const [, ...together] = [1, 2, 3].map(() => countUp(fixture, id));
        await fixture.clock.advance(1);
        together.push(countUp(fixture, id));
        await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
        await Promise.all(together);
        assert.deepEqual(await stored(fixture, id), { count: 4 });
      }
    },
  ),
  inFormatsWith(
    "no tokens",
    111,
    "a caller that shared a write that never ends gets outcome unknown, and others proceed",
    async (fixture) => {
      for (const [fate, count] of [
        [never, 1],
        [neverAnswered, 4],
      ] as const) {
        const id = await given(fixture, { count: 0 });
        fixture.handler.next("write", fate);
        const [, ...together] = [1, 2, 3].map(() => countUp(fixture, id));
        await fixture.clock.advance(1);
        const failing = together.map((update) => rejects(update, "conflict", "unknown"));
        const later = countUp(fixture, id);
        await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
        await Promise.all([...failing, later]);
        assert.deepEqual(await stored(fixture, id), { count });
      }
    },
  ),
  inEveryFormat(111, "a write that arrives late overwrites nothing, and counts nothing twice", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const write = fixture.handler.hold("write");
    const first = countUp(fixture, id).catch(() => {});
    await write.arrived;
    const waiting = [1, 2, 3].map(() => countUp(fixture, id));
    await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all(waiting);
    const found = await stored(fixture, id);
    write.release();
    await first;
    assert.deepEqual(await stored(fixture, id), found);
    await countUp(fixture, id);
    assert.deepEqual(await stored(fixture, id), { count: Number(found?.count) + 1 });
  }),
  inFormatsWith(
    "tokens",
    111,
    "an update resolves with the result of the function run that is stored",
    async (fixture) => {
      const id = await given(fixture, { mark: 0 });
      let runs = 0;
      const mark = () =>
        fixture.sessions.update(id, (draft) => {
          runs += 1;
          draft.set("mark", runs);
          return runs;
        });
      const [write, next] = [fixture.handler.hold("write"), fixture.handler.hold("write")];
      const [, second] = [mark(), mark()];
      await write.arrived;
      await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
      await next.arrived;
      write.release(neverAnswered);
      await fixture.clock.advance(0);
      next.release();
      assert.deepEqual(await stored(fixture, id), { mark: await second });
    },
  ),
  inFormatsWith(
    "tokens",
    111,
    "of two abandoned writes, the one that was carried out is distinguished from the other",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      const write = fixture.handler.hold("write");
      fixture.handler.next("write", never);
      for (let count = 1; count <= 2; count += 1) void countUp(fixture, id);
      await write.arrived;
      const third = countUp(fixture, id);
      await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
      assert.equal(fixture.handler.count("write"), 2);
      write.release(neverAnswered);
      await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
      await third;
      assert.deepEqual(await stored(fixture, id), { count: 3 });
    },
  ),
];
