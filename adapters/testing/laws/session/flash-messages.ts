import assert from "node:assert/strict";
import { givenMessages, opened, waitingMessages } from "./actions.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A flash message waits until it is taken. */
export const flashMessageLaws: readonly SessionLaw[] = [
  inFormatsWith("flashes", 95, "a message disappears only when it is taken", async (fixture) => {
    const id = await givenMessages(fixture, ["one", "two"]);
    const holder = await opened(fixture.sessions, id);
    assert.deepEqual(holder.flash.types(), ["notice"]);
    assert.deepEqual(holder.flash.peek("notice"), ["one", "two"]);
    holder.set("a", 1);
    await holder.save();
    await fixture.sessions.update(id, (draft) => draft.set("b", draft.flash.peek("notice").length));
    await holder.refresh();
    await holder.touch();
    await holder.regenerate();
    assert.deepEqual(await waitingMessages(fixture.others, holder.id), ["one", "two"]);
    assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
    assert.deepEqual(holder.flash.take("notice"), []);
    assert.deepEqual(holder.flash.types(), []);
    assert.deepEqual(await waitingMessages(fixture.others, holder.id), ["one", "two"]);
    await holder.save();
    assert.deepEqual(await waitingMessages(fixture.others, holder.id), []);
  }),
  inFormatsWith(
    "flashes",
    95,
    "taking removes exactly the messages that were seen, and no later ones",
    async (fixture) => {
      const id = await givenMessages(fixture, ["one", "two"]);
      const holder = await opened(fixture.sessions, id);
      assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
      await fixture.others.update(id, (draft) => {
        draft.flash.add("notice", "three");
        draft.flash.add("other", "four");
      });
      await holder.save();
      const session = await opened(fixture.others, id);
      assert.deepEqual(session.flash.peek("notice"), ["three"]);
      assert.deepEqual(session.flash.peek("other"), ["four"]);
    },
  ),
  inFormatsWith(
    ["flashes", "message ids"],
    95,
    "an equal message that was added later is another message",
    async (fixture) => {
      const id = await givenMessages(fixture, ["same"]);
      const holder = await opened(fixture.sessions, id);
      holder.flash.take("notice");
      await fixture.others.update(id, (draft) => {
        draft.flash.take("notice");
        draft.flash.add("notice", "same");
      });
      await holder.save();
      assert.deepEqual(await waitingMessages(fixture.others, id), ["same"]);
    },
  ),
  inFormatsWith("flashes", 95, "of equal messages, as many are taken as were seen", async (fixture) => {
    const id = await givenMessages(fixture, ["same", "same"]);
    const holder = await opened(fixture.sessions, id);
    assert.deepEqual(holder.flash.take("notice"), ["same", "same"]);
    await fixture.others.update(id, (draft) => draft.flash.add("notice", "same"));
    await holder.save();
    assert.deepEqual(await waitingMessages(fixture.others, id), ["same"]);
  }),
  inFormatsWith(
    "flashes",
    95,
    "a message that was taken but not saved is still there after discard",
    async (fixture) => {
      const id = await givenMessages(fixture, ["one"]);
      const holder = await opened(fixture.sessions, id);
      holder.flash.take("notice");
      holder.discard();
      assert.deepEqual(holder.flash.peek("notice"), ["one"]);
      await holder.save();
      assert.deepEqual(await waitingMessages(fixture.others, id), ["one"]);
    },
  ),
];
