import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, opened, stored } from "./actions.ts";
import { inEveryFormat, inFormatsWith, type SessionLaw } from "./session-law.ts";

/** An invalidated session is an empty new one under a new id. */
export const invalidationLaws: readonly SessionLaw[] = [
  inEveryFormat(98, "invalidate ends the session, and creates an empty new one under a new id", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    if (storesFlashes(fixture.format)) await fixture.others.update(id, (draft) => draft.flash.add("notice", "hello"));
    const holder = await opened(fixture.sessions, id);
    holder.set("unsaved", 1);
    await holder.invalidate();
    assert.notEqual(holder.id, id);
    assert.ok(holder.isNew && !holder.isChanged && !holder.hasEnded);
    assert.deepEqual(holder.names(), []);
    assert.deepEqual(holder.flash.types(), []);
    assert.equal(await stored(fixture, id), undefined);
    assert.equal(await stored(fixture, holder.id), undefined);
    holder.set("b", 1);
    await holder.save();
    assert.deepEqual(await stored(fixture, holder.id), { b: 1 });
    assert.equal(await stored(fixture, id), undefined);
  }),
  inEveryFormat(98, "a failed invalidate leaves the session unchanged", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    holder.set("unsaved", 1);
    fixture.handler.next("destroy", refuses());
    await rejects(holder.invalidate(), "unavailable", "not-applied");
    assert.equal(holder.id, id);
    assert.equal(holder.get("unsaved"), 1);
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { a: 1, unsaved: 1 });
  }),
  inFormatsWith(
    "a lifetime",
    98,
    "an invalidated session begins its lifetime anew",
    async (fixture) => {
      const holder = await opened(fixture.sessions, await given(fixture, { a: 1 }));
      await fixture.clock.advance(60_000);
      await holder.invalidate();
      holder.set("b", 1);
      await holder.save();
      await fixture.clock.advance(99_999);
      assert.deepEqual(await stored(fixture, holder.id), { b: 1 });
    },
    { lifetimeSeconds: 100 },
  ),
];
