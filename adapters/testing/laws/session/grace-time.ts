import assert from "node:assert/strict";
import { losesReply } from "../../scripted-handler.ts";
import { rejects, text } from "../law.ts";
import { given, givenMoved, opened, someoneSets, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** During its grace period, an old id leads to the session. */
export const graceTimeLaws: readonly SessionLaw[] = [
  inFormatsWith(
    "no forwards",
    96,
    "there is no grace period, and asking for one does not end the session",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      await assert.rejects(holder.regenerate({ graceSeconds: 1 }), TypeError);
      assert.equal(holder.id, id);
      assert.deepEqual(await stored(fixture, id), { a: 1 });
    },
  ),
  inFormatsWith(
    "forwards",
    96,
    "during its grace period, the old id leads to the session for reading",
    async (fixture) => {
      const { id, holder } = await givenMoved(fixture, 30);
      holder.set("later", 1);
      await holder.save();
      const old = await opened(fixture.others, id);
      assert.equal(old.isReadOnly, true);
      assert.equal(old.get("a"), 1);
      assert.equal(old.get("later"), 1);
      for (const change of [
        () => old.set("a", 2),
        () => old.delete("a"),
        () => old.update("a", () => 2),
        () => old.flash.add("notice", "x"),
      ]) {
        assert.throws(change, { code: "read-only" });
      }
      await rejects(old.regenerate(), "read-only", "not-applied");
      await old.save();
      await rejects(
        fixture.others.update(id, (draft) => draft.set("a", 2)),
        "gone",
        "not-applied",
      );
      assert.deepEqual(await stored(fixture, holder.id), { a: 1, later: 1 });
      assert.equal((await opened(fixture.others, holder.id)).isReadOnly, false);
    },
  ),
  inFormatsWith(
    "forwards and hidden ids",
    96,
    "the record under the old id leads to a key, and reveals no id and no data",
    async (fixture) => {
      const { id, holder } = await givenMoved(fixture, 30);
      const { format, store } = fixture;
      const left = await store.read(await format.keyOf(id));
      assert.ok(left);
      assert.equal(format.decode(left.data).forward?.key, await format.keyOf(holder.id));
      for (const secret of [id, holder.id, '"a"']) assert.ok(!text(left.data)?.includes(secret));
    },
  ),
  inEveryFormat(96, "a grace period must be 0 to 30 whole seconds; otherwise nothing is moved", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    for (const graceSeconds of [-1, 31, 0.5, Number.NaN, "5" as never]) {
      await assert.rejects(holder.regenerate({ graceSeconds }), RangeError);
    }
    assert.equal(holder.id, id);
    assert.equal(fixture.handler.count("write"), 0);
  }),
  inFormatsWith("forwards", 96, "a lost reply about the old id's forward is resolved", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    const copyIsWritten = fixture.handler.hold("write");
    const moving = holder.regenerate({ graceSeconds: 30 });
    await copyIsWritten.arrived;
    fixture.handler.next("write", losesReply());
    copyIsWritten.release();
    await moving;
    assert.deepEqual(await stored(fixture, holder.id), { a: 1 });
    assert.equal((await opened(fixture.others, id)).isReadOnly, true);
  }),
  inFormatsWith(
    "forwards",
    96,
    "with a grace period, too, changes accepted under the old id are present under the new one",
    async (fixture) => {
      const id = await given(fixture, { a: 1 });
      const holder = await opened(fixture.sessions, id);
      const copyIsWritten = fixture.handler.hold("write");
      const moving = holder.regenerate({ graceSeconds: 30 });
      await copyIsWritten.arrived;
      fixture.handler.next("write", after(someoneSets(fixture, id, "theirs", 1)));
      copyIsWritten.release();
      await moving;
      assert.deepEqual(await stored(fixture, holder.id), { a: 1, theirs: 1 });
    },
  ),
];
