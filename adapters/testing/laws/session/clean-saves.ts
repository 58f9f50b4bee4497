import assert from "node:assert/strict";
import { given, increment, opened, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** A save without changes sends nothing. */
export const cleanSaveLaws: readonly SessionLaw[] = [
  inEveryFormat(82, "a save without changes sends nothing", async (fixture) => {
    const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
    session.get("a");
    session.flash.take("none");
    const before = fixture.handler.calls.length;
    await session.save();
    assert.equal(fixture.handler.calls.length, before);
    const unused = await fixture.sessions.create();
    await unused.save();
    await unused.touch();
    await unused.refresh();
    await unused.destroy();
    (await fixture.sessions.create()).set("a", 1);
    assert.equal(fixture.handler.calls.length, before);
  }),
  inEveryFormat(82, "an update that changes nothing writes nothing", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    assert.equal(await fixture.sessions.update(id, (draft) => draft.get("a")), 1);
    assert.equal(fixture.handler.count("write"), 0);
  }),
  inEveryFormat(83, "saving twice has the same effect as saving once", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const session = await opened(fixture.sessions, id);
    session.update("count", increment);
    await Promise.all([session.save(), session.save()]);
    await session.save();
    assert.equal(fixture.handler.count("write"), 1);
    assert.deepEqual(await stored(fixture, id), { count: 1 });
    assert.equal(session.isChanged, false);
  }),
];
