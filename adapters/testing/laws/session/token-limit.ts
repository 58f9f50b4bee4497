import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { losesReply, losesRequest } from "../../scripted-handler.ts";
import { givenUnknownCount, givenUnsavedCount, outcomeOf, someoneWrites, stored, TOKENS_KEPT } from "./actions.ts";
import { after, before } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** An outcome can be determined for as long as the tokens are kept. */
export const tokenLimitLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    91,
    "a lost reply is resolved by the token as long as it is kept; then it stays unknown",
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
    "a lost request is repeated as long as its absence is certain; then it is unknown",
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
    "a later save, refresh or move resolves the unknown outcome of an earlier save",
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
    "a read that can no longer determine the outcome shows exactly the stored data",
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
  inFormatsWith("tokens", 91, "a read detects applied changes, and forgets them", async (fixture) => {
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
