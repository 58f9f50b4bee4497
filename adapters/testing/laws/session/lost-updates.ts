import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { given, increment, opened, someoneSets, stored, whileTimePasses } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Every acknowledged change is in the final state, exactly once. */
export const lostUpdateLaws: readonly SessionLaw[] = [
  inEveryFormat(85, "of many callers that have opened a session, each one's attribute is stored", async (fixture) => {
    const id = await given(fixture, { kept: 1 });
    const processes = [fixture.sessions, fixture.others, fixture.process(), fixture.process()];
    const holders = await Promise.all(
      Array.from({ length: 16 }, (_, index) => opened(processes[index % 4] ?? fixture.sessions, id)),
    );
    for (const [index, holder] of holders.entries()) holder.set(`of ${index}`, index);
    await whileTimePasses(fixture, Promise.all(holders.map((holder) => holder.save())));
    const expected = Object.fromEntries(holders.map((_, index) => [`of ${index}`, index]));
    assert.deepEqual(await stored(fixture, id), { kept: 1, ...expected });
  }),
  inEveryFormat(85, "a concurrent change is kept, at whichever point it occurs", async (fixture) => {
    for (const method of ["read", "write"] as const) {
      const id = await given(fixture, { kept: 1 });
      fixture.handler.next(method, after(someoneSets(fixture, id, "theirs", 1)));
      await fixture.sessions.update(id, (draft) => draft.set("mine", 1));
      assert.deepEqual(await stored(fixture, id), { kept: 1, theirs: 1, mine: 1 });
    }
  }),
  inEveryFormat(85, "the changes of a save are stored once it resolves", async (fixture) => {
    const id = await given(fixture, { a: 0 });
    const [one, other] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
    for (let round = 1; round <= 5; round += 1) {
      for (const [holder, name] of [[one, "one"] as const, [other, "other"] as const]) {
        holder.set(name, round);
        await holder.save();
        assert.equal((await stored(fixture, id))?.[name], round);
      }
    }
    assert.deepEqual(await stored(fixture, id), { a: 0, one: 5, other: 5 });
  }),
  inEveryFormat(86, "a deleted attribute stays deleted when others save", async (fixture) => {
    const id = await given(fixture, { deleted: 1, kept: 1 });
    const holder = await opened(fixture.sessions, id);
    await fixture.others.update(id, (draft) => draft.delete("deleted"));
    holder.set("other", 1);
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { kept: 1, other: 1 });
    assert.equal(holder.has("deleted"), false);
  }),
  inEveryFormat(86, "a deletion is repeated after a conflict", async (fixture) => {
    const id = await given(fixture, { deleted: 1, kept: 1 });
    const holder = await opened(fixture.sessions, id);
    holder.delete("deleted");
    fixture.handler.next("write", after(someoneSets(fixture, id, "deleted", 2)));
    await holder.save();
    assert.deepEqual(await stored(fixture, id), { kept: 1 });
  }),
  inEveryFormat(86, "a deletion that shares its write with another change is applied", async (fixture) => {
    const id = await given(fixture, { deleted: 1, kept: 1 });
    await Promise.all([
      fixture.sessions.update(id, (draft) => draft.delete("deleted")),
      fixture.sessions.update(id, (draft) => draft.set("other", 1)),
    ]);
    assert.deepEqual(await stored(fixture, id), { kept: 1, other: 1 });
  }),
  inEveryFormat(87, "functions run again on fresh data, and each is counted once", async (fixture) => {
    const id = await given(fixture, { count: 0 });
    const processes = [fixture.sessions, fixture.others, fixture.process(), fixture.process()];
    const holders: Session[] = [];
    for (const process of processes) for (let n = 0; n < 5; n += 1) holders.push(await opened(process, id));
    for (const holder of holders) holder.update("count", increment);
    const updates = processes.flatMap((process) =>
      Array.from({ length: 5 }, () => process.update(id, (draft) => draft.update("count", increment))),
    );
    await whileTimePasses(fixture, Promise.all([...holders.map((holder) => holder.save()), ...updates]));
    assert.deepEqual(await stored(fixture, id), { count: 40 });
  }),
];
