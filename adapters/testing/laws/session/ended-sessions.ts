import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { rejects } from "../law.ts";
import { given, opened, stored } from "./actions.ts";
import type { SessionFixture } from "./fixture.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A session that has ended is never revived. */
export const endedSessionLaws: readonly SessionLaw[] = [
  inEveryFormat(
    92,
    "a session destroyed elsewhere is gone, whatever is done with it",
    async (fixture) => {
      for (const act of acts) {
        const id = await given(fixture, { a: 1 });
        const holder = await opened(fixture.sessions, id);
        holder.set("a", 2);
        await fixture.others.destroy(id);
        await rejects(act(holder, fixture), "gone", "not-applied");
        assert.equal(await stored(fixture, id), undefined);
        assert.equal(await fixture.sessions.open(id), undefined);
        assert.deepEqual(await fixture.sessions.open(holder.id), undefined);
      }
    },
    { touchEverySeconds: 0 },
  ),
  inEveryFormat(
    92,
    "a session object that has learned of the end reports it, and continues to report gone",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      holder.set("a", 2);
      await fixture.others.destroy(id);
      await rejects(holder.save(), "gone", "not-applied");
      assert.ok(holder.hasEnded && !holder.isNew);
      const asked = fixture.handler.calls.length;
      for (const act of acts.filter((act) => act !== update))
        await rejects(act(holder, fixture), "gone", "not-applied");
      assert.equal(fixture.handler.calls.length, asked);
      await holder.destroy();
    },
  ),
  inEveryFormat(92, "an expired session is gone, whatever is done with it", async (fixture) => {
    for (const act of acts) {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      holder.set("a", 2);
      await fixture.clock.advance(fixture.format.defaults.idleTimeoutSeconds * 1000);
      await rejects(act(holder, fixture), "gone", "not-applied");
      assert.equal(await stored(fixture, id), undefined);
    }
  }),
  inFormatsWith(
    "a lifetime",
    92,
    "a session at the end of its lifetime is gone, whatever is done with it",
    async (fixture) => {
      for (const act of acts) {
        const id = await given(fixture, { a: 1 });
        const holder = await opened(fixture.sessions, id);
        holder.set("a", 2);
        await fixture.clock.advance(100_000);
        await rejects(act(holder, fixture), "gone", "not-applied");
        assert.equal(await stored(fixture, id), undefined);
      }
    },
    { lifetimeSeconds: 100 },
  ),
  inEveryFormat(
    92,
    "a new session that was saved and destroyed elsewhere does not become new again",
    async (fixture) => {
      const session = await fixture.sessions.create();
      session.set("a", 1);
      await session.save();
      await fixture.others.destroy(session.id);
      session.set("a", 2);
      await rejects(session.save(), "gone", "not-applied");
      assert.equal(await stored(fixture, session.id), undefined);
    },
  ),
];

type Act = (holder: Session, fixture: SessionFixture) => Promise<unknown>;

const update: Act = (holder, { sessions }) => sessions.update(holder.id, (draft) => draft.set("a", 3));

const acts: readonly Act[] = [
  (holder) => holder.save(),
  (holder) => holder.refresh(),
  (holder) => holder.touch(),
  (holder) => holder.regenerate(),
  update,
];
