import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { rejects } from "../law.ts";
import { given, givenUnsavedCount, increment, opened, outcomeOf, someoneWrites, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Conflicts beyond the limit are reported. */
export const conflictLimitLaws: readonly SessionLaw[] = [
  inEveryFormat(
    88,
    "conflicts beyond the limit have code conflict, and the changes are kept",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      fixture.handler.next(
        "write",
        after(() => someoneWrites(fixture, id, 1)),
        3,
      );
      await rejects(holder.save(), "conflict", "not-applied");
      assert.equal(fixture.handler.count("write"), 3);
      assert.deepEqual(await stored(fixture, id), { count: 0, elsewhere: 1 });
      assert.equal(holder.isChanged, true);
      assert.equal(holder.get("count"), 1);
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1, elsewhere: 1 });
    },
    { maxConflicts: 2 },
  ),
  inEveryFormat(
    88,
    "an update and a move beyond the limit have code conflict",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      fixture.handler.next(
        "write",
        after(() => someoneWrites(fixture, id, 1)),
        3,
      );
      const update = fixture.sessions.update(id, (draft) => draft.update("count", increment));
      await rejects(update, "conflict", "not-applied");
      const holder = await opened(fixture.sessions, id);
      fixture.handler.next(
        "destroy",
        after(() => someoneWrites(fixture, id, 1)),
        3,
      );
      await rejects(holder.regenerate(), "conflict", "not-applied");
      assert.equal(holder.id, id);
      assert.deepEqual(await stored(fixture, id), { count: 0, elsewhere: 1 });
    },
    { maxConflicts: 2 },
  ),
  inEveryFormat(
    88,
    "a conflict is not certain if the outcome of an earlier attempt is unknown",
    async (fixture) => {
      const id = await given(fixture, { a: 0 });
      const holder = await opened(fixture.sessions, id);
      holder.set("a", 1);
      const lost = async (apply: () => Promise<unknown>) => {
        await apply();
        await someoneWrites(fixture, id, 1);
        throw new SessionError("unavailable", "The reply was lost.", { outcome: "unknown" });
      };
      fixture.handler.next("write", lost);
      fixture.handler.next(
        "write",
        after(() => someoneWrites(fixture, id, 1)),
        3,
      );
      const outcome = await outcomeOf(holder.save());
      assert.notEqual(outcome, "not-applied");
      assert.equal((await stored(fixture, id))?.a, 1);
    },
    { maxConflicts: 2 },
  ),
];
