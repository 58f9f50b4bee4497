import assert from "node:assert/strict";
import { storesFlashes } from "../../format-traits.ts";
import { given, opened, someoneSets, stored } from "./actions.ts";
import { after } from "./call-behaviours.ts";
import { inEveryFormat, type SessionLaw } from "./session-law.ts";

/** Changing a value that was handed out does not change stored data. */
export const changeInPlaceLaws: readonly SessionLaw[] = [
  inEveryFormat(
    84,
    "a change in place throws, at every level, and the error names the alternative",
    async (fixture) => {
      const id = await given(fixture, { list: [{ deep: [1] }] });
      const session = await opened(fixture.sessions, id);
      session.set("unsaved", { list: [] });
      const inPlace = (message: Error) => message instanceof TypeError && /`set`.*`update`/.test(message.message);
      const list = session.get("list") as { deep: number[] }[];
      assert.throws(() => list.push({ deep: [] }), inPlace);
      assert.throws(() => list[0]?.deep.push(2), inPlace);
      assert.throws(() => list.pop(), inPlace);
      assert.throws(() => Object.assign(list[0] ?? {}, { other: 1 }), inPlace);
      assert.throws(() => Reflect.deleteProperty(list, 0), inPlace);
      assert.throws(() => (session.get("unsaved") as { list: number[] }).list.push(1), inPlace);
      for (const part of partsOf(list)) {
        assert.ok(Object.isFrozen(part));
        assert.throws(() => Object.assign(part, { added: 1 }), inPlace);
        assert.throws(() => Object.setPrototypeOf(part, null), TypeError);
        for (const key of Object.keys(part)) assert.throws(() => Reflect.deleteProperty(part, key), inPlace);
      }
      assert.deepEqual(session.copy("list"), [{ deep: [1] }]);
    },
  ),
  inEveryFormat(84, "changing a value that was passed in or copied out has no effect", async (fixture) => {
    const id = await given(fixture, { list: [1] });
    const session = await opened(fixture.sessions, id);
    const handedIn = { list: [1] };
    session.set("a", handedIn);
    const hasFlashes = storesFlashes(fixture.format);
    if (hasFlashes) session.flash.add("c", handedIn);
    handedIn.list.push(2);
    for (const part of partsOf(session.copy("a"))) assert.equal(Object.isFrozen(part), false);
    (session.copy("list") as number[]).push(2);
    (session.copy("a") as typeof handedIn).list.push(3);
    await session.save();
    assert.deepEqual(await stored(fixture, id), { list: [1], a: { list: [1] } });
    const messages = hasFlashes ? [{ list: [1] }] : [];
    assert.deepEqual(JSON.parse(JSON.stringify(session.flash.peek("c"))), messages);
  }),
  inEveryFormat(84, "the function of an update may change its draft, however often it runs", async (fixture) => {
    const id = await given(fixture, { list: [1] });
    const session = await opened(fixture.sessions, id);
    const append = (list: unknown) => {
      (list as number[]).push(2);
      return list;
    };
    session.update("list", append);
    assert.deepEqual(session.copy("list"), [1, 2]);
    await session.save();
    assert.deepEqual(await stored(fixture, id), { list: [1, 2] });
    session.update("list", append);
    fixture.handler.next("write", after(someoneSets(fixture, id, "other", 1)));
    await session.save();
    assert.deepEqual(await stored(fixture, id), { list: [1, 2, 2], other: 1 });
  }),
  inEveryFormat(84, "changes that the function of an update leaves unfinished are never visible", async (fixture) => {
    const id = await given(fixture, { list: [1] });
    const [session, other] = [await opened(fixture.sessions, id), await opened(fixture.sessions, id)];
    const fail = (list: unknown) => {
      (list as number[]).push(2);
      throw new Error("mine");
    };
    assert.throws(() => session.update("list", fail), /mine/);
    await assert.rejects(
      fixture.sessions.update(id, (draft) => draft.update("list", fail)),
      /mine/,
    );
    for (const each of [session, other, await opened(fixture.sessions, id)]) assert.deepEqual(each.copy("list"), [1]);
  }),
];

function partsOf(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(partsOf)];
}
