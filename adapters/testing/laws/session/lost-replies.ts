import assert from "node:assert/strict";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import {
  countUp,
  given,
  givenUnknownCount,
  givenUnsavedCount,
  increment,
  opened,
  outcomeOf,
  someoneWrites,
  stored,
  TOKENS_KEPT,
} from "./actions.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A change is counted once even if a reply was lost, or its outcome is unknown. */
export const lostReplyLaws: readonly SessionLaw[] = [
  inFormatsWith("tokens", 87, "a function is counted once when a reply or a request is lost", async (fixture) => {
    for (const lost of [losesReply, losesRequest]) {
      const { id, holder } = await givenUnsavedCount(fixture);
      fixture.handler.next("write", lost());
      await holder.save();
      assert.equal(holder.isChanged, false);
      fixture.handler.next("write", lost());
      assert.equal(await countUp(fixture, id), 2);
      assert.deepEqual(await stored(fixture, id), { count: 2 });
      assert.equal(holder.get("count"), 1);
    }
  }),
  inFormatsWith(
    "tokens",
    87,
    "a save without an answer is unknown, keeps the changes, and the next one counts once",
    async (fixture) => {
      for (const lost of [losesReply, losesRequest]) {
        const { id, holder } = await givenUnknownCount(fixture, lost("timeout"));
        assert.equal(holder.isChanged, true);
        assert.equal(holder.get("count"), 1);
        await holder.save();
        assert.equal(holder.isChanged, false);
        assert.deepEqual(await stored(fixture, id), { count: 1 });
      }
    },
  ),
  inFormatsWith(
    "no tokens",
    87,
    "if the outcome cannot be determined, a function is unknown and never counted again",
    async (fixture) => {
      for (const code of ["unavailable", "timeout"] as const) {
        const { id, holder } = await givenUnsavedCount(fixture);
        fixture.handler.next("write", losesReply(code));
        await rejects(holder.save(), code, "unknown");
        for (let again = 0; again < 3; again += 1) {
          assert.equal(holder.isChanged, true);
          assert.equal(await outcomeOf(holder.save()), "unknown");
        }
        await assert.rejects(holder.regenerate());
        assert.deepEqual(await stored(fixture, id), { count: 1 });
        holder.discard();
        holder.update("count", increment);
        await holder.save();
        assert.deepEqual(await stored(fixture, id), { count: 2 });
      }
    },
  ),
  inFormatsWith(
    "no tokens",
    87,
    "an update whose reply was lost is unknown, and applied at most once",
    async (fixture) => {
      for (const code of ["unavailable", "timeout"] as const) {
        const id = await given(fixture, { count: 0 });
        fixture.handler.next("write", losesReply(code));
        const update = fixture.sessions.update(id, (draft) => draft.update("count", increment));
        await rejects(update, code, "unknown");
        assert.deepEqual(await stored(fixture, id), { count: 1 });
      }
    },
  ),
  inFormatsWith(
    "no tokens",
    91,
    "stored data that equals the earlier state may have been written back, and proves nothing",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      fixture.handler.next("write", losesRequest("unavailable"));
      const update = fixture.sessions.update(id, (draft) => draft.update("count", increment));
      await rejects(update, "unavailable", "unknown");
      assert.deepEqual(await stored(fixture, id), { count: 0 });
    },
  ),
  inEveryFormat(87, "a save shared with a set of changes of unknown outcome does not settle it", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const [doubtful, other] = [await opened(fixture.sessions, id), await opened(fixture.sessions, id)];
    doubtful.update("count", increment);
    fixture.handler.next("write", losesRequest("timeout"));
    await rejects(doubtful.save(), "timeout", "unknown");
    await someoneWrites(fixture, id, TOKENS_KEPT + 4);
    other.set("other", 1);
    const saves = [doubtful.save(), other.save()] as const;
    await rejects(saves[0], "conflict", "unknown");
    await saves[1];
    await rejects(doubtful.save(), "conflict", "unknown");
    assert.equal(doubtful.isChanged, true);
  }),
];
