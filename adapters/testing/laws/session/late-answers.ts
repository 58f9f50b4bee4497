import assert from "node:assert/strict";
import type { SessionManager } from "sessionwire";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import {
  countUp,
  given,
  givenUnsavedCount,
  increment,
  LIMIT_MS,
  NOTICED_MS,
  opened,
  outcomeOf,
  stored,
} from "./actions.ts";
import { delayNextAnswer } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** The time until a call has given up the one before, and the write of that one. */
const GIVEN_UP_MS = 2 * (LIMIT_MS + NOTICED_MS);

/** A save that was given up may be answered late: its session is right afterwards. */
export const lateAnswerLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    111,
    "a save that was given up and is stored after all resolves, and hides nothing that was saved since",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const answer = delayNextAnswer(fixture.handler);
      const late = holder.save();
      await fixture.clock.advance(1);
      holder.set("name", "Zoë");
      const next = holder.save();
      await fixture.clock.advance(GIVEN_UP_MS);
      await next;
      answer();
      await late;
      assert.deepEqual([holder.get("count"), holder.get("name"), holder.isChanged], [1, "Zoë", false]);
      holder.update("count", increment);
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 2, name: "Zoë" });
    },
  ),
  inFormatsWith(
    "own ids",
    111,
    "a first save that was given up is not reported as stored under the id that the session has since",
    async (fixture) => {
      const session = await fixture.sessions.create();
      const { id } = session;
      session.set("name", "Zoë");
      const answer = delayNextAnswer(fixture.handler);
      const failing = rejects(session.save(), "timeout", "unknown");
      await fixture.clock.advance(1);
      const touching = session.touch();
      await fixture.clock.advance(GIVEN_UP_MS);
      await touching;
      answer();
      await failing;
      assert.notEqual(session.id, id);
      assert.deepEqual([session.isNew, session.isChanged], [true, true]);
      await session.save();
      assert.deepEqual(await stored(fixture, session.id), { name: "Zoë" });
    },
  ),
  inEveryFormat(111, "a session that was ended while its save had no answer ends once", async (fixture) => {
    const { id, holder } = await givenUnsavedCount(fixture);
    const types = typesOfEvents(fixture.sessions);
    const answer = delayNextAnswer(fixture.handler);
    void holder.save().catch(() => {});
    await fixture.clock.advance(1);
    const ending = holder.destroy();
    await fixture.clock.advance(GIVEN_UP_MS);
    await ending;
    answer();
    await fixture.clock.advance(0);
    assert.deepEqual([types, holder.hasEnded], [["ended"], true]);
    assert.equal(await stored(fixture, id), undefined);
  }),
  inFormatsWith(
    "adopted ids",
    111,
    "a creation that is answered after its session was ended is no news",
    async (fixture) => {
      const session = await fixture.sessions.create({ id: fixture.format.createId() });
      session.set("name", "Zoë");
      const types = typesOfEvents(fixture.sessions);
      const answer = delayNextAnswer(fixture.handler);
      void session.save().catch(() => {});
      await fixture.clock.advance(1);
      const ending = session.destroy();
      await fixture.clock.advance(GIVEN_UP_MS);
      await ending;
      answer();
      await fixture.clock.advance(0);
      assert.deepEqual([types, session.hasEnded], [["ended"], true]);
      assert.equal(await stored(fixture, session.id), undefined);
    },
  ),
  inFormatsWith("tokens", 111, "a creation that others find stored is reported once", async (fixture) => {
    const session = await fixture.sessions.create();
    const types = typesOfEvents(fixture.sessions);
    session.update("count", increment);
    const answer = delayNextAnswer(fixture.handler);
    const late = session.save();
    await fixture.clock.advance(1);
    const other = countUp(fixture, session.id);
    await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
    await other;
    const touching = session.touch();
    await fixture.clock.advance(NOTICED_MS);
    await touching;
    answer();
    await late;
    assert.deepEqual([types, session.isNew, session.isChanged], [["created"], false, false]);
    assert.deepEqual(await stored(fixture, session.id), { count: 2 });
  }),
  inFormatsWith(
    "tokens",
    87,
    "the rest of a save that was given up counts once, although its own caller continues as well",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      const holder = await opened(fixture.sessions, id);
      for (let set = 1; set <= 6; set += 1) {
        holder.update("count", increment); // more sets than one write can carry
        fixture.handler.next("write", refuses());
        await assert.rejects(holder.save());
      }
      const answer = delayNextAnswer(fixture.handler);
      const late = outcomeOf(holder.save());
      await fixture.clock.advance(1);
      const other = countUp(fixture, id);
      const write = fixture.handler.hold("write");
      await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
      await write.arrived;
      const next = holder.save();
      await fixture.clock.advance(NOTICED_MS);
      answer();
      await fixture.clock.advance(0);
      write.release();
      await Promise.all([other, next]);
      assert.deepEqual(await stored(fixture, id), { count: 7 });
      assert.deepEqual([await late, holder.isChanged], ["unknown", false]);
    },
  ),
  inEveryFormat(
    102,
    "a session whose aborted save was stored knows it: its next save is a single write",
    async (fixture) => {
      const { id, holder } = await givenUnsavedCount(fixture);
      const answer = delayNextAnswer(fixture.handler);
      const abort = new AbortController();
      const aborted = rejects(holder.save({ signal: abort.signal }), "aborted", "unknown");
      await fixture.clock.advance(0);
      abort.abort();
      await aborted;
      answer();
      await holder.touch();
      assert.deepEqual([holder.get("count"), holder.isChanged], [1, false]);
      const since = fixture.handler.calls.length;
      holder.update("count", increment);
      await holder.save();
      const methods = fixture.handler.calls.slice(since).map(({ method }) => method);
      assert.deepEqual(methods, ["write"]);
      assert.deepEqual(await stored(fixture, id), { count: 2 });
    },
  ),
];

function typesOfEvents(sessions: SessionManager): readonly string[] {
  const types: string[] = [];
  sessions.subscribe(({ type }) => types.push(type));
  return types;
}
