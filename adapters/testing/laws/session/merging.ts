import assert from "node:assert/strict";
import { given, increment, opened, someoneSets, stored } from "./actions.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Changes of different attributes commute, and the last writer of one attribute wins. */
export const mergingLaws: readonly SessionLaw[] = [
  inEveryFormat(100, "changes of different attributes have the same result in either order", async (fixture) => {
    const results: unknown[] = [];
    for (const inOrder of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const id = await given(fixture, { a: 1, b: 1, c: 1 });
      const holders = [
        await opened(fixture.sessions, id),
        await opened(fixture.others, id),
        await opened(fixture.sessions, id),
      ];
      holders[0]?.set("a", 2);
      holders[1]?.delete("b");
      holders[2]?.update("c", increment);
      for (const index of inOrder) await holders[index]?.save();
      results.push(await stored(fixture, id));
    }
    for (const result of results) assert.deepEqual(result, { a: 2, c: 2 });
  }),
  inEveryFormat(100, "saving without changes leaves the changes of others in place", async (fixture) => {
    const id = await given(fixture, { a: 1 });
    const holder = await opened(fixture.sessions, id);
    const key = await fixture.format.keyOf(id);
    await someoneSets(fixture, id, "a", 2)();
    const before = await fixture.store.read(key);
    await holder.save();
    assert.deepEqual(await fixture.store.read(key), before);
  }),
  inEveryFormat(100, "for one attribute, the last save wins", async (fixture) => {
    const id = await given(fixture, { a: 0 });
    const [one, other] = [await opened(fixture.sessions, id), await opened(fixture.others, id)];
    one.set("a", 1);
    other.set("a", 2);
    await other.save();
    await one.save();
    assert.deepEqual(await stored(fixture, id), { a: 1 });
    other.set("a", 3);
    await other.save();
    assert.deepEqual(await stored(fixture, id), { a: 3 });
  }),
];
