import assert from "node:assert/strict";
import { losesReply, losesRequest, refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, increment, LIMIT_MS, NOTICED_MS, opened, stored } from "./actions.ts";
import { after, before, loseNextWrite, never } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A session whose creation has no answer can be ended. */
export const unknownCreationLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "own ids",
    92,
    "an unanswered creation gives up its id, and is ended with the session",
    async (fixture) => {
      for (const [code, lost] of [
        ["timeout", losesReply],
        ["unavailable", losesRequest],
      ] as const) {
        const session = await fixture.sessions.create();
        session.update("count", increment);
        const burnt = session.id;
        fixture.handler.next("write", lost(code));
        await rejects(session.save(), code, "unknown");
        assert.notEqual(session.id, burnt);
        assert.ok(session.isNew);
        await session.save();
        assert.deepEqual(await stored(fixture, session.id), { count: 1 });
        await session.destroy();
        assert.equal(await stored(fixture, session.id), undefined);
        assert.equal(await stored(fixture, burnt), undefined);
      }
    },
  ),
  inEveryFormat(
    92,
    "the end of a session that may yet be created is repeated on a fresh connection",
    async (fixture) => {
      const session = await fixture.sessions.create();
      session.set("a", 1);
      const { id } = session;
      const arrive = loseNextWrite(fixture.handler, "timeout");
      await rejects(session.save(), "timeout", "unknown");
      fixture.handler.next("reconnect", after(arrive)); // the messages under way arrive before the connection is gone
      await session.destroy();
      assert.equal(fixture.handler.count("reconnect"), 1);
      assert.equal(await stored(fixture, id), undefined);
    },
  ),
  inEveryFormat(
    92,
    "an end that took effect in part is not reported as without effect when the rest is refused",
    async (fixture) => {
      const session = await fixture.sessions.create();
      session.set("a", 1);
      const { id } = session;
      fixture.handler.next("write", losesReply("timeout"));
      await rejects(session.save(), "timeout", "unknown");
      fixture.handler.next("destroy", (apply) => apply());
      fixture.handler.next("destroy", refuses()); // repeated on a fresh connection
      await rejects(session.destroy(), "unavailable", "unknown");
      assert.equal(await stored(fixture, id), undefined);
      await session.destroy();
    },
  ),
  inFormatsWith("forwards", 92, "an end by an old id is unknown if a part of it is refused", async (fixture) => {
    const moved = await opened(fixture.sessions, await given(fixture, { a: 1 }));
    const oldId = moved.id;
    await moved.regenerate({ graceSeconds: 10 });
    fixture.handler.next("destroy", (apply) => apply());
    fixture.handler.next("destroy", refuses());
    await rejects(fixture.sessions.destroy(oldId), "unavailable", "unknown");
    assert.equal(await stored(fixture, moved.id), undefined);
  }),
  inFormatsWith(
    "own ids",
    92,
    "an end of a session that may have two keys is unknown if a part of it is refused",
    async (fixture) => {
      const created = await fixture.sessions.create();
      created.set("a", 1);
      const givenUp = created.id;
      fixture.handler.next("write", losesReply("timeout"));
      await rejects(created.save(), "timeout", "unknown");
      await created.save();
      fixture.handler.next("destroy", (apply) => apply(), 2);
      fixture.handler.next("destroy", refuses());
      await rejects(created.destroy(), "unavailable", "unknown");
      assert.equal(await stored(fixture, givenUp), undefined);
    },
  ),
  inFormatsWith(
    "adopted ids",
    92,
    "a creation that was made, lost its reply and was destroyed is not repeated",
    async (fixture) => {
      const id = fixture.format.createId();
      const session = await fixture.sessions.create({ id });
      session.set("a", 1);
      fixture.handler.next(
        "write",
        before(() => fixture.others.destroy(id), losesReply()),
      );
      await session.save().catch(() => {});
      assert.equal(await stored(fixture, id), undefined);
    },
  ),
  inFormatsWith(
    "adopted ids",
    92,
    "a creation that never ends is not repeated for those that shared it",
    async (fixture) => {
      const id = fixture.format.createId();
      const [first, second, third] = await Promise.all(
        ["first", "second", "third"].map(async (name) => {
          const session = await fixture.sessions.create({ id });
          session.set(name, 1);
          return session;
        }),
      );
      fixture.handler.next("write", never);
      void first?.save();
      const sharing = second?.save() ?? Promise.resolve();
      await fixture.clock.advance(1);
      const later = third?.save();
      const failing = rejects(sharing, "conflict", "unknown");
      await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
      await Promise.all([failing, later]);
      assert.deepEqual(await stored(fixture, id), { third: 1 });
    },
  ),
];
