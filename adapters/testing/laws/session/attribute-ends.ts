import assert from "node:assert/strict";
import type { SessionManagerOptions } from "sessionwire";
import { recordOf } from "sessionwire/backend";
import { given, increment, opened, someoneSets, stored, visible } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import type { SessionFixture } from "./fixture.ts";
import { requiring } from "./schema-fixture.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** An attribute with a time of its own is absent from its end on, whatever is done with the session until then. */
export const attributeEndLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "ends of attributes",
    143,
    "an attribute is there until its end, and absent from then on",
    async (fixture) => {
      const id = await givenCode(fixture);
      const held = await opened(fixture.sessions, id);
      const unsaved = await opened(fixture.sessions, id);
      unsaved.set("other", 2, { ttlSeconds: 2 });
      await fixture.clock.advance(1999);
      for (const session of [held, await opened(fixture.others, id)]) {
        assert.deepEqual(visible(session), { kept: 1, code: "1234" });
      }
      assert.deepEqual(visible(unsaved), { kept: 1, code: "1234", other: 2 });
      await fixture.clock.advance(1);
      for (const session of [held, unsaved, await opened(fixture.others, id)]) {
        assert.deepEqual(visible(session), { kept: 1 });
        assert.deepEqual(
          [session.get("code"), session.copy("code"), session.has("code")],
          [undefined, undefined, false],
        );
        assert.deepEqual([...recordOf(session).attributes.keys()], ["kept"]);
      }
      const code = await fixture.sessions.update(id, (draft) => draft.get("code"));
      assert.equal(code, undefined);
    },
  ),
  inFormatsWith(
    "ends of attributes",
    143,
    "no other change moves the end: a save, an update, a touch, a move",
    async (fixture) => {
      const id = await givenCode(fixture);
      await fixture.clock.advance(1000);
      const session = await opened(fixture.sessions, id);
      session.set("kept", 2);
      await session.save();
      await fixture.sessions.update(id, (draft) => draft.update("code", (code) => `${code}5`));
      await session.refresh();
      await session.touch();
      await session.regenerate();
      assert.deepEqual(await stored(fixture, session.id), { kept: 2, code: "12345" });
      await fixture.clock.advance(1000);
      assert.deepEqual(await stored(fixture, session.id), { kept: 2 });
    },
  ),
  inFormatsWith(
    "ends of attributes",
    143,
    "another set replaces the end, and a set without one removes it",
    async (fixture) => {
      const id = await givenCode(fixture);
      await fixture.sessions.update(id, (draft) => draft.set("code", "1", { ttlSeconds: 5 }));
      await fixture.clock.advance(3000);
      assert.deepEqual(await stored(fixture, id), { kept: 1, code: "1" });
      await fixture.sessions.update(id, (draft) => draft.set("code", "2"));
      await fixture.clock.advance(3000);
      assert.deepEqual(await stored(fixture, id), { kept: 1, code: "2" });
      await fixture.sessions.update(id, (draft) => {
        draft.set("code", "3", { ttlSeconds: 1 });
        draft.delete("code");
        draft.set("code", "4");
      });
      await fixture.clock.advance(3000);
      assert.deepEqual(await stored(fixture, id), { kept: 1, code: "4" });
    },
  ),
  inFormatsWith(
    "ends of attributes",
    143,
    "a function sees no attribute that has ended, and begins one without an end",
    async (fixture) => {
      const id = await given(fixture, { kept: 1 });
      await fixture.others.update(id, (draft) => draft.set("count", 7, { ttlSeconds: 2 }));
      const session = await opened(fixture.sessions, id);
      await fixture.clock.advance(2000);
      session.update("count", increment);
      await session.save();
      await fixture.clock.advance(3000);
      assert.deepEqual(await stored(fixture, id), { kept: 1, count: 1 });
    },
  ),
  inFormatsWith("ends of attributes", 143, "changes that are made again keep the end of the call", async (fixture) => {
    const id = await given(fixture, { kept: 1 });
    const session = await opened(fixture.sessions, id);
    session.set("code", "1234", { ttlSeconds: 2 });
    await fixture.clock.advance(1000);
    fixture.handler.next("write", after(someoneSets(fixture, id, "theirs", 1)));
    await session.save();
    assert.deepEqual(await stored(fixture, id), { kept: 1, theirs: 1, code: "1234" });
    await fixture.clock.advance(1000);
    assert.deepEqual(await stored(fixture, id), { kept: 1, theirs: 1 });
  }),
  inFormatsWith("ends of attributes", 143, "updates that share a write keep their ends", async (fixture) => {
    const id = await given(fixture, { kept: 1 });
    await Promise.all([
      fixture.sessions.update(id, (draft) => draft.set("one", 1, { ttlSeconds: 1 })),
      fixture.sessions.update(id, (draft) => draft.set("two", 2, { ttlSeconds: 2 })),
      fixture.sessions.update(id, (draft) => draft.set("three", 3)),
    ]);
    await fixture.clock.advance(1000);
    assert.deepEqual(await stored(fixture, id), { kept: 1, two: 2, three: 3 });
    await fixture.clock.advance(1000);
    assert.deepEqual(await stored(fixture, id), { kept: 1, three: 3 });
  }),
  inFormatsWith(
    "ends of attributes",
    143,
    "what has ended is stored no more, and no schema asks for it",
    async (fixture) => {
      const id = await givenCode(fixture);
      const sessions = fixture.process({ schema: requiring("kept"), onInvalid: "drop" });
      const session = await opened(sessions, id);
      await fixture.clock.advance(2000);
      session.set("kept", 2);
      await session.save();
      const { attributes, attributeEnds } = fixture.format.decode(await bytesOf(fixture, id));
      assert.deepEqual([[...attributes], attributeEnds?.size ?? 0], [[["kept", 2]], 0]);
    },
  ),
  inFormatsWith(
    "ends of attributes",
    143,
    "a user who is identified by an attribute that has ended has no session",
    async (fixture) => {
      const users: SessionManagerOptions["users"] = { idOf: (session) => session.get("user") };
      const sessions = fixture.process({ users });
      const session = await sessions.create();
      session.set("user", "Ann", { ttlSeconds: 2 });
      await session.save();
      assert.equal((await sessions.ofUser("Ann").list()).length, 1);
      await fixture.clock.advance(2000);
      assert.equal((await sessions.ofUser("Ann").list()).length, 0);
    },
  ),
  inFormatsWith("ends of attributes", 143, "a time that is no whole number of seconds is refused", async (fixture) => {
    const session = await fixture.sessions.create();
    for (const ttlSeconds of [0, -1, 1.5, Number.NaN, 2 ** 31, "1"]) {
      assert.throws(() => session.set("code", 1, { ttlSeconds: ttlSeconds as number }), RangeError);
    }
    assert.throws(() => session.set("code", 1, { ttl: 1 } as object), TypeError);
    assert.equal(session.isChanged, false);
  }),
  inFormatsWith(
    "no ends of attributes",
    143,
    "an end of its own is refused, because it cannot be stored",
    async (fixture) => {
      const session = await fixture.sessions.create();
      assert.throws(() => session.set("code", 1, { ttlSeconds: 1 }), TypeError);
      assert.equal(session.isChanged, false);
    },
  ),
];

/** Stores a session whose attribute `code` ends in two seconds. */
async function givenCode(fixture: SessionFixture): Promise<string> {
  const id = await given(fixture, { kept: 1 });
  await fixture.others.update(id, (draft) => draft.set("code", "1234", { ttlSeconds: 2 }));
  return id;
}

async function bytesOf({ format, store }: SessionFixture, id: string): Promise<Uint8Array> {
  const found = await store.read(await format.keyOf(id));
  assert.ok(found);
  return found.data;
}
