import assert from "node:assert/strict";
import type { SessionFormat } from "sessionwire/backend";
import { storesFlashes } from "../../format-traits.ts";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, increment, opened, someoneSets, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A failed save keeps the changes. */
export const failedSaveLaws: readonly SessionLaw[] = [
  inEveryFormat(89, "a failed save keeps the changes, and the next one stores them", async (fixture) => {
    const id = await given(fixture, { kept: 1, count: 0, deleted: 1 });
    const holder = await opened(fixture.sessions, id);
    holder.set("mine", 1);
    holder.update("count", increment);
    holder.delete("deleted");
    for (const code of ["unavailable", "overloaded", "too-large", "read-only"] as const) {
      fixture.handler.next("write", refuses(code));
      await rejects(holder.save(), code, "not-applied");
      assert.equal(holder.isChanged, true);
      assert.equal(holder.get("mine"), 1);
      assert.equal(holder.get("count"), 1);
    }
    await someoneSets(fixture, id, "theirs", 1)();
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { kept: 1, count: 1, mine: 1, theirs: 1 });
  }),
  inEveryFormat(
    89,
    "a save that was too large keeps the changes, and is not encoded again before a change",
    async (fixture) => {
      let encoded = 0;
      const format = fixture.format;
      const counting: SessionFormat = {
        ...format,
        encode(record) {
          encoded += 1;
          return format.encode(record);
        },
      };
      const store = fixture.createStore({ maxBytes: 2000 });
      const sessions = fixture.process({ handler: store, format: counting });
      const session = await sessions.create();
      session.set("stored", "s".repeat(1200));
      await session.save();
      session.set("a", "x".repeat(1200));
      for (let count = 0; count < 3; count += 1) await rejects(session.save(), "too-large", "not-applied");
      assert.equal(encoded, 2);
      assert.ok(session.isChanged);
      session.set("b", 1);
      await rejects(session.save(), "too-large", "not-applied");
      assert.equal(encoded, 3);
      await fixture.process({ handler: store }).update(session.id, (draft) => draft.set("stored", 0));
      await session.save();
      assert.deepEqual([...(await opened(sessions, session.id)).names()].sort(), ["a", "b", "stored"]);
    },
  ),
  inEveryFormat(89, "a failed creation keeps the changes", async (fixture) => {
    const session = await fixture.sessions.create();
    session.update("count", increment);
    const messages = storesFlashes(fixture.format) ? ["hello"] : [];
    for (const message of messages) session.flash.add("notice", message);
    fixture.handler.next("write", refuses());
    await rejects(session.save(), "unavailable", "not-applied");
    assert.ok(session.isNew && session.isChanged);
    await session.save();
    assert.deepEqual(await stored(fixture, session.id), { count: 1 });
    assert.deepEqual(session.flash.peek("notice"), messages);
  }),
];
