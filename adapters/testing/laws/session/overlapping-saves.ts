import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { refuses } from "../../scripted-handler.ts";
import { rejects } from "../law.ts";
import { given, givenUnsavedCount, increment, opened, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Saves of one object run one after the other. */
export const overlappingSaveLaws: readonly SessionLaw[] = [
  inEveryFormat(90, "changes made during a running save are kept, and stored by the next one", async (fixture) => {
    const { id, holder } = await givenUnsavedCount(fixture);
    holder.set("name", "first");
    const write = fixture.handler.hold("write");
    const saving = holder.save();
    await write.arrived;
    holder.update("count", increment);
    holder.set("name", "second");
    if (storesFlashes(fixture.format)) holder.flash.add("notice", "hello");
    assert.equal(holder.get("count"), 2);
    write.release();
    await saving;
    assert.deepEqual(await stored(fixture, id), { count: 1, name: "first" });
    assert.equal(holder.isChanged, true);
    assert.equal(holder.get("count"), 2);
    assert.equal(holder.get("name"), "second");
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { count: 2, name: "second" });
    assert.equal(holder.isChanged, false);
  }),
  inEveryFormat(90, "saves of one object run one after the other", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const holder = await opened(fixture.sessions, id);
    const write = fixture.handler.hold("write");
    holder.update("count", increment);
    const first = holder.save();
    await write.arrived;
    holder.update("count", increment);
    const second = holder.save();
    await fixture.clock.advance(0);
    assert.equal(fixture.handler.count("write"), 1);
    write.release();
    await Promise.all([first, second]);
    assert.equal(fixture.handler.count("write"), 2);
    assert.deepEqual(await stored(fixture, id), { count: 2 });
  }),
  inEveryFormat(90, "a failed save does not make later ones fail", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const holder = await opened(fixture.sessions, id);
    const write = fixture.handler.hold("write");
    holder.update("count", increment);
    const first = holder.save();
    await write.arrived;
    holder.set("later", 1);
    const second = holder.save();
    write.release(refuses());
    await rejects(first, "unavailable", "not-applied");
    await second;
    assert.deepEqual(await stored(fixture, id), { count: 1, later: 1 });
  }),
];
