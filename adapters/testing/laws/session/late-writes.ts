import assert from "node:assert/strict";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { countUp, given, givenUnknownCount, givenUnsavedCount, stored } from "./actions.ts";
import { after, loseNextWrite } from "./call-behaviours.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A write that arrives late is detected. */
export const lateWriteLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    91,
    "a write that arrives late, after the next attempt was made, is detected",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const arrive = loseNextWrite(fixture.handler, "timeout");
      await rejects(holder.save(), "timeout", "unknown");
      fixture.handler.next("write", after(arrive));
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1 });
      assert.equal(holder.isChanged, false);
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "a write that arrives late while the outcome is looked up is detected",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      const arrive = loseNextWrite(fixture.handler);
      fixture.handler.next("write", after(arrive));
      const counted = await countUp(fixture, id);
      assert.equal(counted, 1);
      assert.deepEqual(await stored(fixture, id), { count: 1 });
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "the application of one set of changes says nothing about the next one",
    async (fixture) => {
      const { id, holder } = await givenUnknownCount(fixture, losesReply("timeout"));
      holder.set("second", true);
      fixture.handler.next("write", (apply) => apply()); // based on the earlier state: a conflict
      fixture.handler.next("write", losesRequest());
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1, second: true });
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "the late arrival of an earlier attempt says nothing about changes saved with it since",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const arrive = loseNextWrite(fixture.handler, "timeout");
      await rejects(holder.save(), "timeout", "unknown");
      holder.set("second", true);
      fixture.handler.next("write", after(arrive, losesRequest()));
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1, second: true });
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "changes saved together with an applied set are not taken for applied",
    async (fixture) => {
      const { id, holder } = await givenUnknownCount(fixture, losesReply("timeout"));
      fixture.handler.next("write", (apply) => apply());
      fixture.handler.next("write", losesRequest());
      const update = fixture.sessions.update(id, (draft) => draft.set("together", true));
      await Promise.all([holder.save(), update]);
      assert.deepEqual(await stored(fixture, id), { count: 1, together: true });
    },
  ),
];
