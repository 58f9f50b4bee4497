import assert from "node:assert/strict";
import { given, givenMoved, opened, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import type { SessionFixture } from "./fixture.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A sign-out by an old id ends the session. */
export const signOutByOldIdLaws: readonly SessionLaw[] = [
  inFormatsWith("forwards", 96, "a sign-out with the old id ends the session", async (fixture) => {
    for (const signOut of signOuts) {
      const { id, holder } = await givenMoved(fixture, 30);
      await signOut(fixture, id);
      assert.equal(await stored(fixture, holder.id), undefined);
      assert.equal(await stored(fixture, id), undefined);
    }
  }),
  inFormatsWith(
    "forwards",
    96,
    "a sign-out by a caller that has held the session since before the move ends it",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const [mover, stale] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
      await mover.regenerate({ graceSeconds: 30 });
      await stale.destroy();
      assert.equal(await stored(fixture, mover.id), undefined);
    },
  ),
  inFormatsWith("forwards", 96, "a sign-out while the session is being moved ends it", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const mover = await opened(fixture.others, id);
    fixture.handler.next(
      "destroy",
      after(() => mover.regenerate({ graceSeconds: 30 })),
    );
    await fixture.sessions.destroy(id);
    assert.equal(await stored(fixture, mover.id), undefined);
    assert.equal(await stored(fixture, id), undefined);
  }),
  inFormatsWith(
    "forwards",
    96,
    "an old id leads on across two moves, or nowhere, but never to an empty session",
    async (fixture) => {
      const { id, holder } = await givenMoved(fixture, 30);
      await holder.regenerate({ graceSeconds: 30 });
      const old = await fixture.others.open(id);
      if (old) assert.equal(old.get("a"), 1);
      await fixture.others.destroy(id);
      assert.equal(await stored(fixture, holder.id), undefined);
    },
  ),
];

const signOuts: readonly ((fixture: SessionFixture, id: string) => Promise<void>)[] = [
  ({ others }, id) => others.destroy(id),
  async ({ others }, id) => (await opened(others, id)).destroy(),
  async ({ others }, id) => (await opened(others, id)).invalidate(),
];
