import assert from "node:assert/strict";
import type { SessionDraft } from "sessionwire";
import { given, increment, opened, visible } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A session shows its own changes before they are saved, and those of others afterwards. */
export const unsavedChangeLaws: readonly SessionLaw[] = [
  inEveryFormat(80, "unsaved changes are visible in their own session at once, in order", async (fixture) => {
    const id = await given(fixture, { kept: 1, changed: 1, removed: 1 });
    const session = await opened(fixture.sessions, id);
    changeInOrder(session);
    assert.deepEqual(visible(session), { kept: 1, changed: 3, made: [1] });
    await fixture.sessions.update(id, (draft) => {
      changeInOrder(draft);
      assert.deepEqual(visible(draft), { kept: 1, changed: 3, made: [1] });
    });
  }),
  inEveryFormat(80, "a refresh shows the saves of others, with unsaved changes on top", async (fixture) => {
    const id = await given(fixture, { mine: 1, theirs: 1, count: 1 });
    const session = await opened(fixture.sessions, id);
    session.set("mine", 2);
    session.update("count", increment);
    await fixture.others.update(id, (draft) => {
      for (const name of ["mine", "theirs", "count"]) draft.set(name, 10);
    });
    assert.deepEqual(visible(session), { mine: 2, theirs: 1, count: 2 });
    await session.refresh();
    assert.deepEqual(visible(session), { mine: 2, theirs: 10, count: 11 });
  }),
  inEveryFormat(80, "a save shows the stored data, including the saves of others", async (fixture) => {
    const id = await given(fixture, { mine: 1, theirs: 1 });
    const session = await opened(fixture.sessions, id);
    session.set("mine", 2);
    await fixture.others.update(id, (draft) => draft.set("theirs", 2));
    await session.save();
    assert.deepEqual(visible(session), { mine: 2, theirs: 2 });
  }),
];

function changeInOrder(draft: SessionDraft): void {
  draft.set("changed", 2);
  draft.update("changed", increment);
  draft.delete("removed");
  draft.set("made", [0]);
  draft.update("made", () => [1]);
  draft.set("passing", 1);
  draft.delete("passing");
  draft.delete("never there");
  draft.update("passing", () => undefined);
}
