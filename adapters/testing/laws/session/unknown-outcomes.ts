import assert from "node:assert/strict";
import { SessionError } from "sessionwire";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, increment, opened, outcomeOf, someoneWrites, stored } from "./actions.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** An outcome that cannot be determined is unknown. */
export const unknownOutcomeLaws: readonly SessionLaw[] = [
  inEveryFormat(91, "setting and deleting may be repeated, so a lost reply does no harm", async (fixture) => {
    for (const lost of [losesReply, losesRequest]) {
      const id = await given(fixture, { a: 0, deleted: 1 });
      const holder = await opened(fixture.sessions, id);
      holder.set("a", 1);
      holder.delete("deleted");
      fixture.handler.next("write", lost());
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { a: 1 });
      holder.set("a", 2);
      fixture.handler.next("write", lost("timeout"));
      await rejects(holder.save(), "timeout", "unknown");
      await someoneWrites(fixture, id, 20);
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { a: 2, elsewhere: 20 });
    }
  }),
  inFormatsWith(
    ["no tokens", "flashes"],
    91,
    "a message of unknown outcome is neither added nor taken again",
    async (fixture) => {
      const id = await given(fixture, { a: 0 });
      const holder = await opened(fixture.sessions, id);
      holder.flash.add("notice", "hello");
      fixture.handler.next("write", losesReply());
      await rejects(holder.save(), "unavailable", "unknown");
      assert.equal(await outcomeOf(holder.save()), "unknown");
      assert.deepEqual((await opened(fixture.others, id)).flash.peek("notice"), ["hello"]);
    },
  ),
  inEveryFormat(91, "an unknown outcome is unknown for all callers that saved together", async (fixture) => {
    const id = await given(fixture, { a: 0 });
    await opened(fixture.sessions, id);
    fixture.handler.next("write", losesReply("timeout"));
    const updates = ["a", "b", "c"].map((name) => fixture.sessions.update(id, (draft) => draft.set(name, 1)));
    for (const update of updates) await rejects(update, "timeout", "unknown");
    assert.deepEqual(await stored(fixture, id), { a: 1, b: 1, c: 1 });
  }),
  inEveryFormat(91, "if no second read is possible, the outcome stays unknown", async (fixture) => {
    const id = await given(fixture, { a: 0 });
    const holder = await opened(fixture.sessions, id);
    holder.update("a", increment);
    fixture.handler.next("write", losesReply());
    fixture.handler.next("read", async () => {
      throw new SessionError("unavailable", "There is no connection.");
    });
    await rejects(holder.save(), "unavailable", "unknown");
    assert.equal(holder.isChanged, true);
  }),
];
