import assert from "node:assert/strict";
import { SessionError, type SessionHandler } from "sessionwire";
import { createFixture, type Fixture, type FormatName, given, increment, stored } from "./fixture.ts";
import type { SessionSubject } from "./subject.ts";
import {
  addToLine,
  busyFor,
  count,
  countAgainAndAgain,
  isRoster,
  lineOf,
  othersAreFaster,
  othersAreFasterOn,
  putRoster,
  rosterCalls,
  rosterOf,
  slowDown,
  waitInLine,
} from "./turn-rosters.ts";

/** A claim about the turns that managers take on a session which several change at once, and a way to see that it holds. */
export interface TurnCheck {
  readonly claim: string;
  check(subject: SessionSubject, formatName: FormatName): Promise<void>;
}

export const turnChecks: readonly TurnCheck[] = [
  {
    claim: "there is no roster while nobody is faster, or only once",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      for (let n = 0; n < 20; n += 1) await count(fixture, id);
      othersAreFaster(fixture, id, 1);
      await count(fixture, id);
      assert.deepEqual(rosterCalls(fixture), []);
      assert.deepEqual(await stored(fixture, id), { count: 21, others: 1 });
    },
  },
  {
    claim: "two conflicts in a row lead to a roster, which is gone a moment later and says nothing of the session",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      const roster = await rosterOf(fixture, id);
      assert.match(roster ?? "", /^\{"turns":\["[\w-]{8}"\]\}$/); // for connect-redis, which parses all that is there
      await fixture.clock.advance(10);
      assert.equal(await rosterOf(fixture, id), undefined);
      assert.deepEqual(rosterCalls(fixture), ["read", "write", "destroy"]);
      assert.deepEqual(await stored(fixture, id), { count: 1, others: 2 });
    },
  },
  {
    claim: "who has the turn makes one write after the other, and passes it on to those who wait",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      fixture.handler.calls.length = 0;
      await count(fixture, id);
      assert.deepEqual(rosterCalls(fixture), []);
      await waitInLine(fixture, id, ["another_"]);
      await busyFor(fixture, id, 30);
      const line = await lineOf(fixture, id);
      assert.equal(line?.[0], "another_");
      assert.equal(line?.length, 2);
    },
  },
  {
    claim: "a turn on a slow store lasts for some commits",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      await waitInLine(fixture, id, ["another_"]);
      slowDown(fixture, 5);
      const counting = countAgainAndAgain(fixture, id, 12);
      await fixture.clock.advance(30);
      assert.equal((await lineOf(fixture, id))?.[1], "another_");
      await fixture.clock.advance(40);
      assert.equal((await lineOf(fixture, id))?.[0], "another_");
      await fixture.clock.advance(200);
      await counting;
    },
  },
  {
    claim: "whoever stands before it and does not move is overtaken within 100 ms",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      await waitInLine(fixture, id, ["has_died"]);
      othersAreFaster(fixture, id, 2);
      let isDone = false;
      const counting = count(fixture, id).then(() => {
        isDone = true;
      });
      await fixture.clock.advance(70);
      assert.equal(isDone, false);
      await fixture.clock.advance(30);
      assert.equal(isDone, true);
      await counting;
      assert.equal(await rosterOf(fixture, id), undefined);
    },
  },
  {
    claim: "who overtakes leaves the others in their places, and overtakes no more than it must",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      await waitInLine(fixture, id, ["has_died", "is_alive"]);
      othersAreFaster(fixture, id, 2);
      const counting = count(fixture, id);
      await fixture.clock.advance(85);
      assert.deepEqual((await lineOf(fixture, id))?.slice(0, 2), ["has_died", "is_alive"]);
      await fixture.clock.advance(10);
      await counting;
      assert.deepEqual((await lineOf(fixture, id))?.slice(-1), ["is_alive"]);
      assert.equal((await lineOf(fixture, id))?.includes("has_died"), false);
    },
  },
  {
    claim: "who waits tries its luck after a second",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      await waitInLine(fixture, id, ["is_busy_"]);
      othersAreFaster(fixture, id, 2);
      let isDone = false;
      const counting = count(fixture, id).then(() => {
        isDone = true;
      });
      for (let ms = 0; ms < 1000; ms += 20) {
        assert.equal(isDone, false);
        await fixture.clock.advance(20);
        await addToLine(fixture, id, ms);
      }
      await fixture.clock.advance(20);
      await counting;
      assert.equal(isDone, true);
    },
  },
  {
    claim: "a manager that is closed leaves the line first",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      assert.notEqual(await rosterOf(fixture, id), undefined);
      await fixture.sessions.close();
      assert.equal(await rosterOf(fixture, id), undefined);
    },
  },
  {
    claim: "where a session could stand there is no roster, and no id leads to one",
    async check(subject, formatName) {
      const { fixture } = await start(subject, formatName);
      const format = subject.expressFormat({ prefix: "" });
      const [one, other] = [
        fixture.process({ handler: fixture.handler, format }),
        fixture.process({ format }),
      ] as const;
      const session = await one.create({ id: "abc" });
      session.set("count", 0);
      await session.save();
      fixture.handler.next(
        "write",
        async (apply) => {
          await other.update("abc", (draft) => draft.update("others", increment));
          return apply();
        },
        4,
      );
      await one.update("abc", (draft) => draft.update("count", increment));
      assert.deepEqual(rosterCalls(fixture), []);
      assert.equal(await other.open("turn:abc"), undefined);
    },
  },
  {
    claim: "a store that refuses rosters takes the changes all the same, and is asked once",
    async check(subject, formatName) {
      const refusal = new SessionError("unauthorized", "No rights.", { outcome: "not-applied" });
      await checkWithoutRosters(subject, formatName, () => Promise.reject(refusal));
    },
  },
  {
    claim: "a store that throws over rosters on the spot takes the changes all the same",
    async check(subject, formatName) {
      await checkWithoutRosters(subject, formatName, () => {
        throw new TypeError("No such key.");
      });
    },
  },
  {
    claim: "a store that never answers about rosters takes the changes all the same",
    async check(subject, formatName) {
      await checkWithoutRosters(subject, formatName, () => new Promise<never>(() => {}));
    },
  },
  {
    claim: "something else in the place of the roster is left alone",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      await putRoster(fixture, id, "no roster at all");
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      await fixture.clock.advance(10);
      assert.equal(await rosterOf(fixture, id), "no roster at all");
    },
  },
  {
    claim: "a line that is full is not joined",
    async check(subject, formatName) {
      const { fixture, id } = await start(subject, formatName);
      const names = Array.from({ length: 64 }, (_, index) => `name_${100 + index}`);
      await waitInLine(fixture, id, names);
      othersAreFaster(fixture, id, 2);
      await count(fixture, id);
      assert.deepEqual(await lineOf(fixture, id), names);
    },
  },
];

async function start(subject: SessionSubject, formatName: FormatName): Promise<{ fixture: Fixture; id: string }> {
  const fixture = createFixture(subject, formatName);
  const id = await given(fixture, { count: 0 });
  fixture.handler.calls.length = 0;
  return { fixture, id };
}

/** Changes a session while nothing is known of rosters but what `answer` says. */
async function checkWithoutRosters(
  subject: SessionSubject,
  formatName: FormatName,
  answer: () => Promise<never>,
): Promise<void> {
  const { fixture, id } = await start(subject, formatName);
  let rosters = 0;
  const others = othersAreFasterOn(fixture, id, 7);
  const handler: SessionHandler = {
    ...fixture.store,
    read(key, options) {
      if (!isRoster(key)) return fixture.store.read(key, options);
      rosters += 1;
      return answer();
    },
    async write(key, data, options) {
      await others();
      return fixture.store.write(key, data, options);
    },
  };
  const process = fixture.process({ handler });
  const counting = process.update(id, (draft) => draft.update("count", increment));
  await fixture.clock.advance(1000);
  await counting;
  assert.deepEqual(await stored(fixture, id), { count: 1, others: 7 });
  assert.equal(rosters, 1);
}
