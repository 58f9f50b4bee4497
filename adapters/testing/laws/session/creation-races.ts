import assert from "node:assert/strict";
import { increment, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inFormatsWith, type SessionLaw } from "./session-law.ts";

/** Sessions created under one id are merged. */
export const creationRaceLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "adopted ids",
    93,
    "of two new sessions with one id, the second applies its changes on top of the first",
    async (fixture) => {
      const id = fixture.format.createId();
      const [one, other] = [await fixture.sessions.create({ id }), await fixture.others.create({ id })];
      one.set("one", 1);
      one.set("both", 1);
      one.update("count", increment);
      other.set("other", 2);
      other.set("both", 2);
      other.update("count", increment);
      await one.save();
      await other.save();
      assert.deepEqual(await stored(fixture, id), { one: 1, both: 2, other: 2, count: 2 });
    },
  ),
  inFormatsWith(
    "adopted ids",
    93,
    "if two callers create a session at the same moment, both are stored",
    async (fixture) => {
      const id = fixture.format.createId();
      const one = await fixture.sessions.create({ id });
      one.set("one", 1);
      fixture.handler.next(
        "write",
        after(async () => {
          const other = await fixture.others.create({ id });
          other.set("other", 2);
          await other.save();
        }),
      );
      await one.save();
      assert.deepEqual(await stored(fixture, id), { one: 1, other: 2 });
    },
  ),
  inFormatsWith(
    "adopted ids",
    93,
    "only the caller that stored a session first reports that it was created",
    async (fixture) => {
      const id = fixture.format.createId();
      const heard: string[] = [];
      fixture.sessions.subscribe(({ type }) => heard.push(type));
      for (const name of ["one", "other"]) {
        const session = await fixture.sessions.create({ id });
        session.set(name, 1);
        await session.save();
      }
      assert.deepEqual(heard, ["created"]);
    },
  ),
  inFormatsWith("own ids", 93, "only the format chooses ids", async (fixture) => {
    await assert.rejects(fixture.sessions.create({ id: fixture.format.createId() }), TypeError);
    const [one, other] = [await fixture.sessions.create(), await fixture.sessions.create()];
    assert.notEqual(one.id, other.id);
  }),
];
