import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { givenUnknownCount, givenUnsavedCount, outcomeOf, someoneWrites, stored, TOKENS_KEPT } from "./actions.ts";
import { after, before } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** An outcome can be told for as long as the tokens are kept. */
export const tokenLimitLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    91,
    "a lost reply is cleared up by the token as long as it is kept; then it stays unknown",
    async (fixture) => {
      for (let writes = 0; writes <= 20; writes += 1) {
        const { id, holder } = await givenUnsavedCount(fixture);
        fixture.handler.next(
          "write",
          before(() => someoneWrites(fixture, id, writes), losesReply()),
        );
        const result = await outcomeOf(holder.save());
        assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
        assert.equal(holder.isChanged, result === "unknown");
        assert.equal((await stored(fixture, id))?.count, 1);
      }
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "a lost request is made again as long as its absence is certain; then it is unknown",
    async (fixture) => {
      for (let writes = 0; writes <= 20; writes += 1) {
        const { id, holder } = await givenUnsavedCount(fixture);
        fixture.handler.next(
          "write",
          after(() => someoneWrites(fixture, id, writes), losesRequest()),
        );
        const result = await outcomeOf(holder.save());
        assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
        assert.equal((await stored(fixture, id))?.count, result === "stored" ? 1 : 0);
      }
    },
  ),
  inFormatsWith(
    "tokens",
    91,
    "a later save, refresh or move clears up what an earlier save has left in doubt",
    async (fixture) => {
      for (const writes of [0, 1, TOKENS_KEPT - 1, TOKENS_KEPT, 20]) {
        for (const lost of [losesReply, losesRequest]) {
          for (const goOn of [saveAgain, refreshAndSave, move]) {
            const { id, holder } = await givenUnknownCount(fixture, lost("timeout"));
            await someoneWrites(fixture, id, writes);
            const result = await outcomeOf(goOn(holder));
            assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
            const applied = lost === losesReply || result === "stored" ? 1 : 0;
            assert.equal((await stored(fixture, holder.id))?.count, applied);
          }
        }
      }
    },
  ),
  inEveryFormat(
    91,
    "a look that cannot tell any more shows neither more nor less than what is stored",
    async (fixture) => {
      const { id, holder } = await givenUnknownCount(fixture, losesReply("timeout"));
      await someoneWrites(fixture, id, 20);
      await holder.refresh();
      assert.equal(holder.get("count"), 1);
      assert.equal(holder.isChanged, true);
      holder.discard();
      assert.equal(holder.isChanged, false);
      await holder.save();
      assert.equal((await stored(fixture, id))?.count, 1);
    },
  ),
  inFormatsWith("tokens", 91, "a look finds what was applied, and forgets it", async (fixture) => {
    const { id, holder } = await givenUnknownCount(fixture, losesReply("timeout"));
    await someoneWrites(fixture, id, 3);
    await holder.refresh();
    assert.equal(holder.get("count"), 1);
    assert.equal(holder.isChanged, false);
    await someoneWrites(fixture, id, 20);
    await holder.save();
    assert.equal((await stored(fixture, id))?.count, 1);
  }),
];

async function saveAgain(holder: Session): Promise<void> {
  await holder.save();
}

async function refreshAndSave(holder: Session): Promise<void> {
  await holder.refresh();
  await holder.save();
}

async function move(holder: Session): Promise<void> {
  await holder.regenerate();
}
