import assert from "node:assert/strict";
import { inspect } from "node:util";
import type { SessionWrite } from "sessionwire";
import { createFixture, type FormatName, given, increment, opened, stored } from "./fixture.ts";
import type { SessionSubject } from "./subject.ts";
import { othersAreFaster } from "./turn-rosters.ts";

/** A claim about the writes that are reported, and a way to see that it holds. */
export interface WriteCheck {
  readonly claim: string;
  check(subject: SessionSubject, formatName: FormatName): Promise<void>;
}

export const writeChecks: readonly WriteCheck[] = [
  {
    claim: "a write is reported once, with the number of changes that it stores",
    async check(subject, formatName) {
      const { fixture, id, writes } = await start(subject, formatName);
      const { sessions } = fixture;
      const failing = sessions.update(id, () => assert.fail("refused"));
      const updates = Array.from({ length: 8 }, () => sessions.update(id, (draft) => draft.update("n", increment)));
      await assert.rejects(failing);
      await Promise.all(updates);
      await sessions.update(id, () => {}); // changes nothing
      const session = await opened(sessions, id);
      session.set("a", 1);
      await session.save();
      assert.deepEqual(numbersOf(writes), [
        { changes: 8, conflicts: 0 },
        { changes: 1, conflicts: 0 },
      ]);
    },
  },
  {
    claim: "a write is reported with the number of conflicts before it",
    async check(subject, formatName) {
      const { fixture, id, writes } = await start(subject, formatName);
      othersAreFaster(fixture, id, 1);
      await fixture.sessions.update(id, (draft) => draft.update("n", increment));
      await fixture.sessions.update(id, (draft) => draft.update("n", increment));
      assert.deepEqual(numbersOf(writes), [
        { changes: 1, conflicts: 1 },
        { changes: 1, conflicts: 0 },
      ]);
    },
  },
  {
    claim: "a reported write names its session by the hash, and has neither id nor key",
    async check(subject, formatName) {
      const { fixture, id, writes } = await start(subject, formatName);
      await fixture.sessions.update(id, (draft) => draft.set("n", 1));
      const key = await fixture.format.keyOf(id);
      assert.deepEqual(
        writes.map(({ at, keyHash }) => [at, keyHash]),
        [[fixture.clock.now(), fixture.sessions.hashOf(key)]],
      );
      const text = inspect(writes, { showHidden: true, getters: true });
      assert(!text.includes(id) && !text.includes(key));
    },
  },
  {
    claim: "a listener to writes that throws changes nothing, and is not silent",
    async check(subject, formatName) {
      const { fixture, id, writes } = await start(subject, formatName, () => assert.fail("of the listener"));
      const shown: unknown[] = [];
      const { error } = console;
      console.error = (thrown) => shown.push(thrown);
      try {
        await fixture.sessions.update(id, (draft) => draft.set("n", 1));
      } finally {
        console.error = error;
      }
      assert.deepEqual([writes.length, shown.length], [1, 1]);
      assert.deepEqual(await stored(fixture, id), { n: 1 });
    },
  },
];

/** A session with a listener before the one that writes down what it hears. */
async function start(subject: SessionSubject, formatName: FormatName, listener: () => void = () => {}) {
  const fixture = createFixture(subject, formatName);
  const id = await given(fixture, { n: 0 });
  const writes: SessionWrite[] = [];
  fixture.sessions.subscribeToWrites(listener);
  fixture.sessions.subscribeToWrites(() => assert.fail("It has left."))();
  fixture.sessions.subscribeToWrites((write) => writes.push(write));
  return { fixture, id, writes };
}

function numbersOf(writes: readonly SessionWrite[]) {
  return writes.map(({ changes, conflicts }) => ({ changes, conflicts }));
}
