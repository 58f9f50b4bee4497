import assert from "node:assert/strict";
import type { CallBehaviour } from "../../scripted-handler.ts";
import { countUp, given, LIMIT_MS, NOTICED_MS, stored } from "./actions.ts";
import { never } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Callers that wait for an unanswered call proceed. */
export const unansweredReadLaws: readonly SessionLaw[] = [
  inEveryFormat(111, "callers that wait for a read that never ends proceed", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const read = fixture.handler.hold("read");
    const first = countUp(fixture, id);
    await read.arrived;
    const waiting = [1, 2, 3].map(() => countUp(fixture, id));
    await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all(waiting);
    read.release();
    await first;
    assert.equal(fixture.handler.count("write"), 1);
    assert.deepEqual(await stored(fixture, id), { count: 4 });
  }),
  inEveryFormat(111, "a caller that comes long after an unanswered call proceeds at once", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    fixture.handler.next("read", never);
    void countUp(fixture, id);
    await fixture.clock.advance(LIMIT_MS);
    const later = countUp(fixture, id);
    await fixture.clock.advance(NOTICED_MS);
    await later;
    assert.deepEqual(await stored(fixture, id), { count: 2 });
  }),
  inEveryFormat(111, "a caller that proceeds is awaited, however long it takes", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    await countUp(fixture, id);
    const slowly: CallBehaviour = async (apply) => {
      await new Promise<void>((resolve) => void fixture.clock.schedule(resolve, LIMIT_MS - 1));
      await fixture.others.update(id, (draft) => draft.set("theirs", fixture.handler.count("write")));
      return apply();
    };
    fixture.handler.next("write", slowly, 5);
    const first = countUp(fixture, id);
    await fixture.clock.advance(1);
    const waiting = countUp(fixture, id);
    await fixture.clock.advance(5 * LIMIT_MS);
    await Promise.all([first, waiting]);
    assert.equal((await stored(fixture, id))?.count, 3);
    assert.equal(fixture.handler.count("write"), 1 + 6 + 1);
    assert.equal(fixture.handler.count("read"), 1);
  }),
  inEveryFormat(111, "a call that was given up has no further effect", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const [read, write] = [fixture.handler.hold("read"), fixture.handler.hold("write")];
    const first = countUp(fixture, id);
    await read.arrived;
    await fixture.clock.advance(LIMIT_MS);
    const later = countUp(fixture, id);
    await fixture.clock.advance(NOTICED_MS);
    await write.arrived;
    read.release();
    await fixture.clock.advance(0);
    assert.equal(fixture.handler.count("write"), 1);
    write.release();
    await Promise.all([first, later]);
    assert.deepEqual(await stored(fixture, id), { count: 2 });
  }),
  inEveryFormat(111, "callers that wait for an end that never completes proceed", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    fixture.handler.next("destroy", never);
    void fixture.sessions.destroy(id);
    await fixture.clock.advance(1);
    const [update, ending] = [countUp(fixture, id), fixture.sessions.destroy(id)];
    await fixture.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all([update, ending]);
    assert.equal(await stored(fixture, id), undefined);
  }),
  inEveryFormat(
    111,
    "closing waits for an unanswered call as long as other callers do, and then closes the handler",
    async (fixture) => {
      const id = await given(fixture, { count: 0 });
      fixture.handler.next("read", never);
      void countUp(fixture, id);
      await fixture.clock.advance(1);
      const closing = [fixture.sessions.close(), fixture.sessions.close()];
      await fixture.clock.advance(LIMIT_MS - 1);
      assert.equal(fixture.handler.isClosed, false);
      await fixture.clock.advance(1);
      await Promise.all(closing);
      assert.equal(fixture.handler.isClosed, true);
    },
  ),
];
