import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { type HeldCall, losesReply, losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, givenUnsavedCount, increment, opened, outcomeOf, someoneWrites, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import type { SessionFixture } from "./fixture.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** The outcome of an aborted save is unknown, and the save is not applied twice. */
export const abortedSaveLaws: readonly SessionLaw[] = [
  inEveryFormat(
    102,
    "an aborted save rejects at once as unknown, and the next one does not apply it twice",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const write = await abortDuringWrite(fixture, holder);
      assert.equal(holder.isChanged, true);
      const again = holder.save();
      write.release();
      await again;
      assert.deepEqual(await stored(fixture, id), { count: 1 });
      assert.equal(holder.isChanged, false);
    },
  ),
  inFormatsWith("tokens", 102, "an aborted save whose write was lost is made up for, once", async (fixture) => {
    for (const lost of [losesReply, losesRequest]) {
      for (const code of ["unavailable", "timeout"] as const) {
        const { id, holder } = await givenUnsavedCount(fixture);
        const write = await abortDuringWrite(fixture, holder);
        write.release(lost(code));
        await holder.save();
        assert.deepEqual(await stored(fixture, id), { count: 1 });
      }
    }
  }),
  inFormatsWith(
    "no tokens",
    102,
    "an aborted save whose write was lost stays unknown if repeating it would make a difference",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const write = await abortDuringWrite(fixture, holder);
      write.release(losesReply());
      assert.equal(await outcomeOf(holder.save()), "unknown");
      assert.deepEqual(await stored(fixture, id), { count: 1 });
    },
  ),
  inEveryFormat(
    102,
    "a save that is aborted before it was sent is never sent, and keeps the changes",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      await rejects(holder.save({ signal: AbortSignal.abort() }), "aborted", "not-applied");
      const other = await opened(fixture.sessions, id);
      other.set("other", 1);
      const write = fixture.handler.hold("write");
      const first = other.save();
      await write.arrived;
      const abort = new AbortController();
      const waiting = holder.save({ signal: abort.signal });
      await fixture.clock.advance(0);
      abort.abort();
      await rejects(waiting, "aborted", "not-applied");
      write.release();
      await first;
      assert.deepEqual(await stored(fixture, id), { count: 0, other: 1 });
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1, other: 1 });
    },
  ),
  inEveryFormat(102, "a save that is aborted while it must be repeated is not taken for applied", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const [holder, other] = [await opened(fixture.sessions, id), await opened(fixture.sessions, id)];
    holder.update("count", increment);
    other.set("other", 1);
    const abort = new AbortController();
    fixture.handler.next(
      "write",
      after(async () => {
        await someoneWrites(fixture, id, 1);
        abort.abort();
      }),
    );
    const saves = [holder.save({ signal: abort.signal }), other.save()] as const;
    await rejects(saves[0], "aborted", "unknown");
    await saves[1];
    assert.deepEqual(await stored(fixture, id), { count: 0, elsewhere: 1, other: 1 });
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { count: 1, elsewhere: 1, other: 1 });
  }),
];

/** Aborts a save that has sent its write, and returns the write. */
async function abortDuringWrite({ handler }: SessionFixture, holder: Session): Promise<HeldCall> {
  const write = handler.hold("write");
  const abort = new AbortController();
  const saving = holder.save({ signal: abort.signal });
  await write.arrived;
  abort.abort();
  await rejects(saving, "aborted", "unknown");
  return write;
}
