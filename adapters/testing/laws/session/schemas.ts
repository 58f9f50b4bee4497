import assert from "node:assert/strict";
import type { SessionManager, SessionManagerOptions } from "sessionwire";
import { storesFlashes } from "../../format-traits.ts";
import { rejects } from "../law.ts";
import { given, opened, someoneSets, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import type { SessionFixture } from "./fixture.ts";
import { requiring, schemaOf, tripSchema } from "./schema-fixture.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** Nothing that the schema refuses is stored. */
export const schemaLaws: readonly SessionLaw[] = [
  inEveryFormat(
    142,
    "a value that the schema refuses is refused by every method, and nothing has changed then",
    async (fixture) => {
      const sessions = typed(fixture);
      const id = await given(fixture, { name: "Ann", from: 1 });
      const session = await opened(sessions, id);
      for (const set of [
        () => session.set("from", "secret"),
        () => session.update("name", () => 1),
        () => session.set("unknown", 1),
      ]) {
        assert.throws(set, ({ code, outcome, message }) => {
          assert.deepEqual({ code, outcome }, { code: "invalid", outcome: "not-applied" });
          return !message.includes("secret");
        });
      }
      assert.equal(session.isChanged, false);
      await rejects(
        sessions.update(id, (draft) => draft.set("from", "1")),
        "invalid",
        "not-applied",
      );
      assert.deepEqual(await stored(fixture, id), { name: "Ann", from: 1 });
    },
  ),
  inEveryFormat(142, "what the schema returns is stored", async (fixture) => {
    const sessions = typed(fixture);
    const session = await sessions.create();
    session.set("name", " Ann ");
    assert.equal(session.get("name"), "Ann");
    await session.save();
    assert.deepEqual(await stored(fixture, session.id), { name: "Ann" });
    await sessions.update(session.id, (draft) => draft.update("name", (name) => `${name} B. `));
    assert.deepEqual(await stored(fixture, session.id), { name: "Ann B." });
  }),
  inEveryFormat(
    142,
    "changes that are made again after a conflict are checked on the current attributes",
    async (fixture) => {
      const sessions = typed(fixture);
      const id = await given(fixture, { to: 5 });
      const session = await opened(sessions, id);
      session.set("from", 4);
      fixture.handler.next("write", after(someoneSets(fixture, id, "to", 3)));
      await rejects(session.save(), "invalid", "not-applied");
      assert.deepEqual(await stored(fixture, id), { to: 3 });
      session.set("from", 2);
      await session.save();
      assert.deepEqual(await stored(fixture, id), { from: 2, to: 3 });
    },
  ),
  inEveryFormat(142, "the result of a function that runs again is checked", async (fixture) => {
    const sessions = typed(fixture);
    const id = await given(fixture, { from: 1 });
    const half = (from: unknown) => (from === 1 ? 2 : "none");
    fixture.handler.next("write", after(someoneSets(fixture, id, "from", 3)));
    await rejects(
      sessions.update(id, (draft) => draft.update("from", half)),
      "invalid",
      "not-applied",
    );
    assert.deepEqual(await stored(fixture, id), { from: 3 });
  }),
  inEveryFormat(142, "of updates that share a write, those that the schema refuses fail alone", async (fixture) => {
    const sessions = typed(fixture);
    const id = await given(fixture, { to: 5 });
    const settled = await Promise.allSettled([
      sessions.update(id, (draft) => draft.set("name", "Ann")),
      sessions.update(id, (draft) => draft.set("from", 9)),
      sessions.update(id, (draft) => draft.set("to", 6)),
    ]);
    assert.deepEqual(
      settled.map(({ status }) => status),
      ["fulfilled", "rejected", "fulfilled"],
    );
    assert.deepEqual(await stored(fixture, id), { name: "Ann", to: 6 });
  }),
  inEveryFormat(142, "nothing is stored, nor moved, without an attribute that the schema requires", async (fixture) => {
    const sessions = typed(fixture, { schema: requiring("user") });
    const session = await sessions.create();
    session.set("visits", " 1 ");
    await rejects(session.save(), "invalid", "not-applied");
    assert.equal(await stored(fixture, session.id), undefined);
    session.set("user", "Ann");
    await session.save();
    session.delete("user");
    await rejects(session.save(), "invalid", "not-applied");
    await rejects(session.regenerate(), "invalid", "not-applied");
    assert.deepEqual(await stored(fixture, session.id), { visits: "1", user: "Ann" });
    session.discard();
    await session.regenerate();
    assert.deepEqual(await stored(fixture, session.id), { visits: "1", user: "Ann" });
  }),
  inFormatsWith("forwards", 142, "an old id leads to a session whose schema requires an attribute", async (fixture) => {
    const sessions = typed(fixture, { schema: requiring("user"), onInvalid: "error" });
    const session = await sessions.create();
    session.set("user", "Ann");
    await session.save();
    const { id } = session;
    await session.regenerate({ graceSeconds: 10 });
    assert.equal((await opened(sessions, id)).get("user"), "Ann");
    await sessions.destroy(id);
    assert.equal(await stored(fixture, session.id), undefined);
  }),
  inEveryFormat(142, "stored attributes that another schema allowed prevent no change, and stay", async (fixture) => {
    const sessions = typed(fixture);
    const id = await given(fixture, { name: 7, removed: "by this version" });
    await sessions.update(id, (draft) => draft.set("from", 1));
    const session = await opened(sessions, id);
    session.set("to", 2);
    if (storesFlashes(fixture.format)) session.flash.add("notice", "Saved.");
    await session.save();
    await session.regenerate();
    assert.deepEqual(await stored(fixture, session.id), { name: 7, removed: "by this version", from: 1, to: 2 });
  }),
  inEveryFormat(142, "an asynchronous schema is refused at its first use", async (fixture) => {
    const sessions = typed(fixture, { schema: schemaOf(async (value) => ({ value })) });
    const session = await sessions.create();
    assert.throws(() => session.set("a", 1), TypeError);
    assert.equal(session.isChanged, false);
  }),
  inEveryFormat(142, "a schema that returns what JSON cannot represent is refused", async (fixture) => {
    const sessions = typed(fixture, { schema: schemaOf(() => ({ value: { at: new Date(0) } })) });
    const session = await sessions.create();
    assert.throws(() => session.set("at", 0), TypeError);
  }),
];

/** Starts a process whose calls go through the handler of the case. */
function typed({ process, handler }: SessionFixture, options: Partial<SessionManagerOptions> = {}): SessionManager {
  return process({ handler, schema: tripSchema, ...options });
}
