import assert from "node:assert/strict";
import { rejects } from "../law.ts";
import { countUp, given, increment, LIMIT_MS, NOTICED_MS, opened, stored } from "./actions.ts";
import { never, neverAnswered } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** A session that one caller saves without an answer can be saved and ended by another. */
export const unansweredSaveLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "tokens",
    111,
    "a session whose save never ends can be saved by another caller, and counts once",
    async (fixture) => {
      for (const fate of [never, neverAnswered]) {
        const id = await given(fixture, { count: 0 });
        const holder = await opened(fixture.sessions, id);
        fixture.handler.next("write", fate);
        holder.update("count", increment);
        void holder.save().catch(() => {});
        await fixture.clock.advance(1);
        holder.update("count", increment);
        const saving = holder.save();
        await fixture.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
        await saving;
        assert.deepEqual(await stored(fixture, id), { count: 2 });
      }
    },
  ),
  inFormatsWith(
    "no tokens",
    111,
    "a session whose save never ends can be saved by another caller, or the outcome is unknown",
    async (fixture) => {
      const id = await given(fixture, { count: 0, name: "" });
      const holder = await opened(fixture.sessions, id);
      fixture.handler.next("write", neverAnswered);
      holder.update("count", increment);
      void holder.save().catch(() => {});
      await fixture.clock.advance(LIMIT_MS);
      await countUp(fixture, await given(fixture, { count: 0 }));
      await fixture.clock.advance(1001); // the knowledge about both sessions has been dropped by now
      holder.set("name", "Zoë");
      const saving = holder.save();
      const failing = rejects(saving, "conflict", "unknown");
      await fixture.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
      await failing;
      assert.deepEqual(await stored(fixture, id), { count: 1, name: "" });
      holder.discard();
      holder.set("name", "Zoë");
      await holder.save();
      assert.deepEqual(await stored(fixture, id), { count: 1, name: "Zoë" });
    },
  ),
  inFormatsWith(
    "own ids",
    111,
    "a session whose first save never ends is saved under another id, and ends with both",
    async (fixture) => {
      const created = await fixture.sessions.create();
      created.set("name", "Zoë");
      const write = fixture.handler.hold("write");
      const { id } = created;
      void created.save().catch(() => {});
      await write.arrived;
      const saving = created.save();
      await fixture.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
      await saving;
      assert.notEqual(created.id, id);
      assert.deepEqual(await stored(fixture, created.id), { name: "Zoë" });
      write.release(neverAnswered);
      await fixture.clock.advance(0);
      await created.destroy();
      assert.deepEqual([await stored(fixture, id), await stored(fixture, created.id)], [undefined, undefined]);
    },
  ),
  inFormatsWith(
    "adopted ids",
    111,
    "a session whose first save never ends is ended twice: also with its connection",
    async (fixture) => {
      const created = await fixture.sessions.create({ id: fixture.format.createId() });
      created.set("name", "Zoë");
      fixture.handler.next("write", never);
      void created.save().catch(() => {});
      await fixture.clock.advance(LIMIT_MS);
      const ending = fixture.sessions.destroy(created.id);
      await fixture.clock.advance(NOTICED_MS);
      await ending;
      assert.equal(fixture.handler.count("reconnect"), 1);
      assert.equal(fixture.handler.count("destroy"), 2);
    },
  ),
  inEveryFormat(111, "a session whose move never ends, ends together with its copy", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const holder = await opened(fixture.sessions, id);
    fixture.handler.next("destroy", never);
    void holder.regenerate().catch(() => {});
    await fixture.clock.advance(1);
    const ending = holder.destroy();
    await fixture.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
    await ending;
    const copies = fixture.handler.calls.filter(({ method }) => method === "write").map(({ key }) => key);
    assert.equal(copies.length, 1);
    for (const key of copies) assert.equal(await fixture.store.read(key), undefined);
    assert.equal(await stored(fixture, id), undefined);
  }),
];
