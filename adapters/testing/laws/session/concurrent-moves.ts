import assert from "node:assert/strict";
import { rejects } from "../law.ts";
import { given, keyOfCopy, opened, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** If two callers give a session a new id, one succeeds. */
export const concurrentMoveLaws: readonly SessionLaw[] = [
  inEveryFormat(
    97,
    "if two callers move a session at the same time, one succeeds and the other gets code gone",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const [slow, fast] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      fixture.handler.next(
        "destroy",
        after(() => fast.regenerate()),
      );
      await rejects(slow.regenerate(), "gone", "not-applied");
      assert.ok(slow.hasEnded);
      assert.equal(slow.id, id);
      assert.deepEqual(await stored(fixture, fast.id), { a: 1 });
      assert.equal(await fixture.store.read(keyOfCopy(fixture, 0)), undefined);
      assert.equal(await stored(fixture, id), undefined);
    },
  ),
  inEveryFormat(
    97,
    "if several callers in one process move a session at the same time, one succeeds",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holders = await Promise.all([1, 2, 3].map(() => opened(fixture.sessions, id)));
      const results = await Promise.allSettled(holders.map((holder) => holder.regenerate()));
      assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
      const living = await Promise.all(holders.map((holder) => stored(fixture, holder.id)));
      assert.deepEqual(
        living.filter((session) => session !== undefined),
        [{ a: 1 }],
      );
    },
  ),
  inFormatsWith(
    "forwards",
    97,
    "if two callers move a session with a grace period at the same time, one succeeds",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const [slow, fast] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      const copy = fixture.handler.hold("write");
      const moving = slow.regenerate({ graceSeconds: 30 });
      await copy.arrived;
      fixture.handler.next(
        "write",
        after(() => fast.regenerate({ graceSeconds: 30 })),
      );
      copy.release();
      await rejects(moving, "gone", "not-applied");
      assert.equal((await opened(fixture.others, id)).get("a"), 1);
      assert.deepEqual(await stored(fixture, fast.id), { a: 1 });
      assert.equal(await fixture.store.read(keyOfCopy(fixture, 0)), undefined);
    },
  ),
  inEveryFormat(
    97,
    "a caller that saves under the old id after the move gets code gone, and revives nothing",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const [holder, late] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      late.set("late", 1);
      await holder.regenerate();
      await rejects(late.save(), "gone", "not-applied");
      await rejects(
        fixture.others.update(id, (draft) => draft.set("late", 1)),
        "gone",
        "not-applied",
      );
      assert.equal(await stored(fixture, id), undefined);
      assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
    },
  ),
  inFormatsWith(
    "forwards",
    97,
    "within a grace period, too, a caller that saves under the old id gets code gone",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const [holder, late] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      late.set("late", 1);
      await holder.regenerate({ graceSeconds: 30 });
      await rejects(late.save(), "gone", "not-applied");
      await rejects(late.refresh(), "gone", "any");
      assert.equal((await opened(fixture.others, id)).get("a"), 1);
      assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
    },
  ),
  inEveryFormat(97, "a destroy in the middle of a move ends the session and its copy", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    fixture.handler.next(
      "destroy",
      after(() => fixture.others.destroy(id)),
    );
    await rejects(holder.regenerate(), "gone", "not-applied");
    assert.equal(await fixture.store.read(keyOfCopy(fixture, 0)), undefined);
  }),
];
