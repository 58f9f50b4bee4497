import assert from "node:assert/strict";
import type { SessionManager, SessionManagerOptions } from "sessionwire";
import { rejects } from "../law.ts";
import { given, opened, someoneSets, stored, visible } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import type { SessionFixture } from "./fixture.ts";
import { issuesAt, requiring, schemaOf, tripSchema } from "./schema-fixture.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

type OnInvalid = NonNullable<SessionManagerOptions["onInvalid"]>;

/** Stored attributes that the schema refuses are treated as told, and stay in the store until they are changed. */
export const refusedAttributeLaws: readonly SessionLaw[] = [
  inEveryFormat(
    142,
    "with onInvalid error, a session with refused attributes can be ended, and nothing else",
    async (fixture) => {
      const sessions = reading(fixture, "error");
      const id = await given(fixture, { name: 7 });
      await rejects(sessions.open(id), "invalid", "any");
      await rejects(
        sessions.update(id, (draft) => draft.set("from", 1)),
        "invalid",
        "any",
      );
      assert.deepEqual(await stored(fixture, id), { name: 7 });
      await sessions.destroy(id);
      assert.equal(await stored(fixture, id), undefined);
      const valid = await given(fixture, { name: "Ann" });
      assert.deepEqual(visible(await opened(sessions, valid)), { name: "Ann" });
    },
  ),
  inEveryFormat(
    142,
    "with onInvalid drop, refused attributes read as absent, and stay stored until they are changed",
    async (fixture) => {
      const sessions = reading(fixture, "drop");
      const id = await given(fixture, { name: 7, from: "1", to: 2 });
      const session = await opened(sessions, id);
      assert.deepEqual(visible(session), { to: 2 });
      session.set("to", 3);
      await session.save();
      assert.deepEqual(await stored(fixture, id), { name: 7, from: "1", to: 3 });
      assert.deepEqual(visible(await opened(sessions, id)), { to: 3 });
      session.set("from", 1);
      await session.save();
      assert.deepEqual(await stored(fixture, id), { name: 7, from: 1, to: 3 });
      await sessions.update(id, (draft) => draft.delete("name"));
      assert.deepEqual(await stored(fixture, id), { from: 1, to: 3 });
    },
  ),
  inFormatsWith(
    "flashes",
    142,
    "attributes that are refused as a whole read as absent together, and the first change replaces them",
    async (fixture) => {
      const sessions = reading(fixture, "drop");
      const id = await given(fixture, { from: 2, to: 1 });
      const session = await opened(sessions, id);
      assert.deepEqual(visible(session), {});
      session.flash.add("notice", "Saved.");
      await session.save();
      assert.deepEqual(await stored(fixture, id), { from: 2, to: 1 });
      session.set("from", 3);
      await session.save();
      assert.deepEqual(await stored(fixture, id), { from: 3 });
      assert.deepEqual(visible(await opened(sessions, id)), { from: 3 });
    },
  ),
  inFormatsWith(
    "ends of attributes",
    142,
    "the end of one of them is no change: the others stay in the store",
    async (fixture) => {
      const id = await given(fixture, { from: 2, to: 1 });
      await fixture.others.update(id, (draft) => draft.set("code", "1234", { ttlSeconds: 2 }));
      const session = await opened(reading(fixture, "drop"), id);
      await fixture.clock.advance(2000);
      session.flash.add("notice", "Saved.");
      await session.save();
      assert.deepEqual(await stored(fixture, id), { from: 2, to: 1 });
    },
  ),
  inEveryFormat(142, "what a change makes valid again is seen by all processes alike", async (fixture) => {
    const schema = schemaOf(({ max, value }) => (Number(value) > Number(max) ? issuesAt("value") : { value: { max } }));
    const [one, other] = [1, 2].map(() => fixture.process({ schema, onInvalid: "drop" }));
    const id = await given(fixture, { max: 1, value: 2 });
    for (let reads = 0; reads < 3; reads += 1) {
      assert.deepEqual(visible(await opened(one as SessionManager, id)), { max: 1 }); // it is remembered by then
    }
    const session = await opened(one as SessionManager, id);
    session.set("max", 3);
    await session.save();
    for (const each of [one, other]) {
      assert.deepEqual(visible(await opened(each as SessionManager, id)), { max: 3, value: 2 });
    }
  }),
  inEveryFormat(
    142,
    "an upgrade is shown, and stored with the first change of what it has changed",
    async (fixture) => {
      const sessions = reading(fixture, renamed, "label");
      const id = await given(fixture, { name: "Ann", from: 1 });
      const session = await opened(sessions, id);
      assert.deepEqual(visible(session), { label: "Ann", from: 1 });
      session.set("from", 2);
      await session.save();
      assert.deepEqual(visible(session), { label: "Ann", from: 2 });
      assert.deepEqual(await stored(fixture, id), { name: "Ann", from: 2 });
      session.set("label", "Eve");
      await session.save();
      assert.deepEqual(await stored(fixture, id), { label: "Eve", from: 2 });
    },
  ),
  inEveryFormat(
    142,
    "a change by a process with the old schema is upgraded, also within a conflict",
    async (fixture) => {
      const sessions = reading(fixture, renamed, "label");
      const id = await given(fixture, { name: "Ann" });
      fixture.handler.next("write", after(someoneSets(fixture, id, "name", "Eve")));
      await sessions.update(id, (draft) => draft.update("label", (label) => `${label}!`));
      assert.deepEqual(await stored(fixture, id), { label: "Eve!" });
    },
  ),
  inEveryFormat(
    142,
    "an upgraded session moves with what is stored, and an upgrade that is refused or throws is an error",
    async (fixture) => {
      const id = await given(fixture, { name: "Ann" });
      const session = await opened(reading(fixture, renamed, "label"), id);
      await session.regenerate();
      assert.deepEqual(visible(session), { label: "Ann" });
      assert.deepEqual(await stored(fixture, session.id), { name: "Ann" });
      await rejects(reading(fixture, (old) => old, "label").open(session.id), "invalid", "any");
      const failing = reading(fixture, () => assert.fail("it fails"), "label");
      await rejects(failing.open(session.id), "invalid", "any");
      await failing.destroy(session.id);
      assert.equal(await stored(fixture, session.id), undefined);
    },
  ),
  inEveryFormat(142, "users are identified by the attributes that are shown", async (fixture) => {
    const id = await given(fixture, { name: "Ann" });
    const users: SessionManagerOptions["users"] = { idOf: (session) => session.get("label") };
    const sessions = reading(fixture, renamed, "label", { users });
    await sessions.update(id, (draft) => draft.set("from", 1));
    assert.equal((await sessions.ofUser("Ann").list()).length, 1);
    await sessions.ofUser("Ann").endAll();
    assert.equal(await stored(fixture, id), undefined);
  }),
];

function renamed({ name, ...others }: Record<string, unknown>): object {
  return { label: name, ...others };
}

/** Starts a process that checks what it reads: by the schema of trips, or by one that requires an attribute. */
function reading(
  { process, handler }: SessionFixture,
  onInvalid: OnInvalid,
  required?: string,
  options: Partial<SessionManagerOptions> = {},
): SessionManager {
  const schema = required === undefined ? tripSchema : requiring(required);
  return process({ handler, schema, onInvalid, ...options });
}
