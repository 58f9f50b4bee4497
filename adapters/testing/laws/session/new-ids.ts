import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { losesReply } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, increment, opened, someoneSets, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A new id has all data of the old one. */
export const newIdLaws: readonly SessionLaw[] = [
  inEveryFormat(
    96,
    "the new id has all data, including unsaved changes, and the old one has ended",
    async (fixture) => {
      const id = await given(fixture, { a: 1, count: 0, deleted: 1 });
      const messages = storesFlashes(fixture.format) ? ["hello"] : [];
      for (const message of messages) await fixture.others.update(id, (draft) => draft.flash.add("notice", message));
      const holder = await opened(fixture.sessions, id);
      holder.set("mine", 1);
      holder.update("count", increment);
      holder.delete("deleted");
      await holder.regenerate();
      assert.notEqual(holder.id, id);
      assert.equal(holder.isChanged, false);
      assert.equal(await stored(fixture, id), undefined);
      assert.deepEqual(await stored(fixture, holder.id), { a: 1, count: 1, mine: 1 });
      assert.deepEqual((await opened(fixture.others, holder.id)).flash.peek("notice"), messages);
      holder.set("later", 1);
      await holder.save();
      assert.deepEqual(await stored(fixture, holder.id), { a: 1, count: 1, mine: 1, later: 1 });
    },
  ),
  inEveryFormat(96, "changes accepted under the old id are present under the new one", async (fixture) => {
    const id = await given(fixture, { count: 0, removed: 1 });
    const holder = await opened(fixture.sessions, id);
    holder.update("count", increment);
    for (const name of ["first", "second", "third"]) {
      fixture.handler.next(
        "destroy",
        after(() =>
          fixture.others.update(id, (draft) => {
            draft.update("count", increment);
            draft.set(name, 1);
            draft.delete("removed");
          }),
        ),
      );
    }
    fixture.handler.next("write", after(someoneSets(fixture, id, "zeroth", 1)));
    await holder.regenerate();
    assert.deepEqual(await stored(fixture, holder.id), { count: 4, zeroth: 1, first: 1, second: 1, third: 1 });
    assert.equal(await stored(fixture, id), undefined);
  }),
  inFormatsWith(
    "a lifetime",
    96,
    "a move does not extend the lifetime",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      await fixture.clock.advance(60_000);
      await holder.regenerate();
      await fixture.clock.advance(39_999);
      assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
      await fixture.clock.advance(1);
      assert.equal(await stored(fixture, holder.id), undefined);
    },
    { lifetimeSeconds: 100 },
  ),
  inFormatsWith(
    "adopted ids",
    96,
    "a move does not abandon a session whose creation has an unknown outcome",
    async (fixture) => {
      const session = await fixture.sessions.create({ id: fixture.format.createId() });
      const { id } = session;
      session.set("a", 1);
      fixture.handler.next("write", losesReply("timeout"));
      await rejects(session.save(), "timeout", "unknown");
      const code = await session.regenerate().then(
        () => "moved",
        (error: { code?: string }) => error.code,
      );
      if (code === "moved") assert.deepEqual(await stored(fixture, session.id), { a: 1 });
      if (code === "gone") assert.equal(await stored(fixture, id), undefined);
    },
  ),
  inEveryFormat(96, "a new session gets another id, under which it is stored with its content", async (fixture) => {
    const session = await fixture.sessions.create();
    const { id } = session;
    await session.regenerate();
    assert.notEqual(session.id, id);
    assert.deepEqual(fixture.handler.calls, []);
    session.set("a", 1);
    await session.regenerate();
    assert.equal(session.isNew, false);
    assert.deepEqual(await stored(fixture, session.id), { a: 1 });
    assert.equal(await stored(fixture, id), undefined);
  }),
];
