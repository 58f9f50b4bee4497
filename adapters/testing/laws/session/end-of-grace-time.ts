import assert from "node:assert/strict";
import { rejects } from "../law.ts";
import { givenMoved, opened, stored } from "./actions.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A grace period has an absolute end. */
export const endOfGraceTimeLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "forwards",
    96,
    "no use of the session extends the grace period",
    async (fixture) => {
      const { id, holder } = await givenMoved(fixture, 10);
      const held = await opened(fixture.others, id);
      for (let second = 0; second < 9; second += 1) {
        await fixture.clock.advance(1000);
        await (await opened(fixture.others, id)).touch();
        await held.touch();
      }
      await fixture.clock.advance(1000);
      assert.equal(await fixture.others.open(id), undefined);
      assert.equal(await fixture.store.read(await fixture.format.keyOf(id)), undefined);
      assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
    },
    { touchEverySeconds: 0 },
  ),
  inFormatsWith(
    "forwards",
    96,
    "a caller that opened the session by its old id loses it at the end of the grace period",
    async (fixture) => {
      const { id } = await givenMoved(fixture, 10);
      const held = await opened(fixture.others, id);
      await fixture.clock.advance(10_000);
      await rejects(held.refresh(), "gone", "any");
    },
  ),
  inFormatsWith(
    "forwards",
    96,
    "neither a second grace period nor the end of the first moves the end of the other",
    async (fixture) => {
      for (const [first, second] of [
        [10, 30],
        [20, 5],
      ] as const) {
        const { id, holder } = await givenMoved(fixture, first);
        const middle = holder.id;
        await holder.regenerate({ graceSeconds: second });
        const [held, heldInTheMiddle] = [await opened(fixture.others, id), await opened(fixture.others, middle)];
        assert.equal(held.ttlSeconds, Math.min(first, second));
        await fixture.clock.advance(Math.min(first, second) * 1000 - 1);
        await held.refresh();
        await held.touch();
        await fixture.clock.advance(1);
        await rejects(held.refresh(), "gone", "any");
        await rejects(held.touch(), "gone", "any");
        assert.equal(held.ttlSeconds, 0);
        assert.equal(await fixture.others.open(id), undefined);
        if (second > first) {
          await heldInTheMiddle.refresh();
          assert.equal((await opened(fixture.others, middle)).ttlSeconds, second - first);
          await fixture.clock.advance((second - first) * 1000);
        }
        await rejects(heldInTheMiddle.refresh(), "gone", "any");
        assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
      }
    },
  ),
];
