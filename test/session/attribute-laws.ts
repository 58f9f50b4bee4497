import assert from "node:assert/strict";
import type { SessionDraft } from "sessionwire";
import { rejects } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { handedOut, inBoth, increment, inExpress, inNative, opened, someoneSets } from "./scene-laws.ts";
import { after, given, type SessionSubject, stored } from "./stage.ts";

/** An array that holds another one twice, and so on: small, and large when it is written down. */
function doubled(times: number): unknown {
  let value: unknown[] = [];
  for (let time = 0; time < times; time += 1) value = [value, value];
  return value;
}

/** What a session shows, takes and refuses. */
export const attributeLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(80, "own unsaved changes are visible at once, in order", async (scene) => {
    const id = await given(scene, { kept: 1, changed: 1, removed: 1 });
    const session = await opened(scene.sessions, id);
    changeInOrder(session);
    assert.deepEqual(visible(session), { kept: 1, changed: 3, made: [1] });
    await scene.sessions.update(id, (draft) => {
      changeInOrder(draft);
      assert.deepEqual(visible(draft), { kept: 1, changed: 3, made: [1] });
    });
  }),
  ...inBoth(80, "a refresh shows what others have saved, with the own unsaved changes over it", async (scene) => {
    const id = await given(scene, { mine: 1, theirs: 1, count: 1 });
    const session = await opened(scene.sessions, id);
    session.set("mine", 2);
    session.update("count", increment);
    await scene.others.update(id, (draft) => {
      for (const name of ["mine", "theirs", "count"]) draft.set(name, 10);
    });
    assert.deepEqual(visible(session), { mine: 2, theirs: 1, count: 2 });
    await session.refresh();
    assert.deepEqual(visible(session), { mine: 2, theirs: 10, count: 11 });
  }),
  ...inBoth(80, "a save shows what it has stored, what others have saved included", async (scene) => {
    const id = await given(scene, { mine: 1, theirs: 1 });
    const session = await opened(scene.sessions, id);
    session.set("mine", 2);
    await scene.others.update(id, (draft) => draft.set("theirs", 2));
    await session.save();
    assert.deepEqual(visible(session), { mine: 2, theirs: 2 });
  }),
  ...inBoth(81, "saved values read back deeply equal", async (scene) => {
    const values = {
      texts: ["", "\u0000", "é€😀", "\ud800", "__proto__", "\u2028"],
      numbers: [0, -1, 0.1, 1e21, Number.MAX_VALUE, Number.MIN_VALUE, 2 ** 53],
      others: [null, true, false, [], {}],
      nested: { a: [{ b: { c: [[]] } }] },
      deep: nested(100),
      "": "the empty name",
    };
    const id = await given(scene, values);
    assert.deepEqual(await stored(scene, id), values);
    const session = await opened(scene.sessions, id);
    assert.deepEqual(JSON.parse(JSON.stringify(visible(session))), values);
  }),
  ...inBoth(81, "what JSON cannot carry is refused when it is set, and nothing has changed then", async (scene) => {
    const session = await opened(scene.sessions, await given(scene, { kept: 1 }));
    for (const value of unserialisable()) {
      assert.throws(() => session.set("a", value), TypeError);
      assert.throws(() => session.set("a", [value]), TypeError);
      assert.throws(() => session.update("a", () => ({ value })), TypeError);
      assert.throws(() => session.flash.add("a", value), TypeError);
    }
    assert.equal(session.isChanged, false);
    assert.deepEqual(visible(session), { kept: 1 });
  }),
  ...inBoth(
    81,
    "what has no room is refused when it is set, by whatever, and nothing has changed then",
    async (scene) => {
      const sessions = scene.process({ handler: scene.subject.createMemoryHandler({ maxBytes: 2000 }) });
      const session = await sessions.create();
      session.set("kept", "k".repeat(900));
      await session.save();
      session.set("half", "h".repeat(1200));
      for (const value of [
        doubled(12),
        doubled(26),
        "x".repeat(2000),
        new Array(2000).fill(0),
        { ["n".repeat(2000)]: 1 },
      ]) {
        for (const set of [
          () => session.set("a", value),
          () => session.set("half", value),
          () => session.update("a", () => value),
          () => session.flash.add("a", value),
          () => session.flash.remove("a", value),
        ]) {
          assert.throws(set, { code: "too_large", outcome: "not-applied" });
        }
        await rejects(
          sessions.update(session.id, (draft) => draft.set("a", value)),
          "too_large",
          "not-applied",
        );
      }
      assert.throws(() => session.set("a", "x".repeat(800)), { code: "too_large" }); // not with the half
      assert.deepEqual([...session.names()].sort(), ["half", "kept"]);
      assert.deepEqual(session.flash.types(), []);
      session.set("half", "h".repeat(100));
      session.set("a", "x".repeat(800)); // in the room of what was replaced
      session.delete("a");
      session.flash.add("b", "y".repeat(800)); // and of what was deleted
      session.flash.take("b");
      await session.save();
      assert.equal((await opened(sessions, session.id)).get("half"), "h".repeat(100));
    },
  ),
  ...inBoth(81, "what is too large is refused before it is looked through", async (scene) => {
    const sessions = scene.process({ handler: scene.subject.createMemoryHandler({ maxBytes: 2000 }) });
    const session = await sessions.create();
    let looks = 0;
    const count = () => {
      looks += 1;
      return [];
    };
    const large = new Proxy(new Array(10_000).fill(0), { ownKeys: count });
    assert.throws(() => session.set("a", large), { code: "too_large" });
    const members = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`${index}`, 0]));
    assert.throws(() => session.set("a", new Proxy(members, { get: count })), { code: "too_large" });
    assert.equal(looks, 0);
  }),
  ...inBoth(81, "whatever a session takes it can be opened with again, at the full depth", async (scene) => {
    const id = await given(scene, { deep: nested(100) });
    const session = await opened(scene.sessions, id);
    session.flash.add("deep", nested(100));
    await session.save();
    const again = await opened(scene.others, id);
    assert.deepEqual(again.copy("deep"), nested(100));
    assert.equal(again.flash.peek("deep").length, 1);
  }),
  ...inBoth(81, 'an attribute "flash" reads back as it was set, or is refused', async (scene) => {
    for (const value of [{}, { info: [] }, { info: ["hello"] }, { info: "hello" }, ["hello"]]) {
      const session = await scene.sessions.create();
      try {
        session.set("flash", value);
      } catch {
        continue;
      }
      await session.save();
      assert.deepEqual(await stored(scene, session.id), { flash: value });
    }
  }),
  ...inBoth(82, "a save without changes sends nothing", async (scene) => {
    const session = await opened(scene.sessions, await given(scene, { a: 1 }));
    session.get("a");
    session.flash.take("none");
    const before = scene.stage.calls.length;
    await session.save();
    assert.equal(scene.stage.calls.length, before);
    const unused = await scene.sessions.create();
    await unused.save();
    assert.equal(scene.stage.calls.length, before);
  }),
  ...inBoth(82, "an update that changes nothing writes nothing", async (scene) => {
    const id = await given(scene, { a: 1 });
    assert.equal(await scene.sessions.update(id, (draft) => draft.get("a")), 1);
    assert.equal(scene.stage.count("write"), 0);
  }),
  ...inExpress(82, "an express request that changes nothing writes nothing", async (scene) => {
    const id = await given(scene, { a: { b: 1 } });
    const store = scene.subject.createExpressStore(scene.sessions);
    const data = await handedOut(store, id);
    await store.set(id, data);
    await store.touch(id, data);
    assert.equal(scene.stage.count("write"), 0);
  }),
  ...inBoth(83, "saving twice is saving once", async (scene) => {
    const id = await given(scene, { count: 0 });
    const session = await opened(scene.sessions, id);
    session.update("count", increment);
    await Promise.all([session.save(), session.save()]);
    await session.save();
    assert.equal(scene.stage.count("write"), 1);
    assert.deepEqual(await stored(scene, id), { count: 1 });
    assert.equal(session.isChanged, false);
  }),
  ...inBoth(84, "a change in place throws, at every level, and names what to do instead", async (scene) => {
    const id = await given(scene, { list: [{ deep: [1] }] });
    const session = await opened(scene.sessions, id);
    session.set("unsaved", { list: [] });
    const inPlace = (message: Error) => message instanceof TypeError && /`set`.*`update`/.test(message.message);
    const list = session.get("list") as { deep: number[] }[];
    assert.throws(() => list.push({ deep: [] }), inPlace);
    assert.throws(() => list[0]?.deep.push(2), inPlace);
    assert.throws(() => list.pop(), inPlace);
    assert.throws(() => Object.assign(list[0] ?? {}, { other: 1 }), inPlace);
    assert.throws(() => Reflect.deleteProperty(list, 0), inPlace);
    assert.throws(() => (session.get("unsaved") as { list: number[] }).list.push(1), inPlace);
    assert.ok(Object.isFrozen(session.get("list")));
    assert.deepEqual(session.copy("list"), [{ deep: [1] }]);
  }),
  ...inBoth(84, "what was handed in or copied out leads nowhere", async (scene) => {
    const id = await given(scene, { list: [1] });
    const session = await opened(scene.sessions, id);
    const handedIn = { list: [1] };
    session.set("a", handedIn);
    session.flash.add("c", handedIn);
    handedIn.list.push(2);
    (session.copy("list") as number[]).push(2);
    (session.copy("a") as typeof handedIn).list.push(3);
    await session.save();
    assert.deepEqual(await stored(scene, id), { list: [1], a: { list: [1] } });
    assert.deepEqual(JSON.parse(JSON.stringify(session.flash.peek("c"))), [{ list: [1] }]);
  }),
  ...inBoth(84, "the function of an update may change what it is given, however often it runs", async (scene) => {
    const id = await given(scene, { list: [1] });
    const session = await opened(scene.sessions, id);
    const append = (list: unknown) => {
      (list as number[]).push(2);
      return list;
    };
    session.update("list", append);
    assert.deepEqual(session.copy("list"), [1, 2]);
    await session.save();
    assert.deepEqual(await stored(scene, id), { list: [1, 2] });
    session.update("list", append);
    scene.stage.next("write", after(someoneSets(scene, id, "other", 1)));
    await session.save();
    assert.deepEqual(await stored(scene, id), { list: [1, 2, 2], other: 1 });
  }),
  ...inExpress(84, "express-session's changes in place are seen and saved", async (scene) => {
    const id = await given(scene, { cart: { items: [{ n: 1 }] }, other: 1 });
    const store = scene.subject.createExpressStore(scene.sessions);
    const data = (await store.get(id)) as unknown as { cart: { items: { n: number }[] } };
    data.cart.items.push({ n: 2 });
    await store.set(id, data as never);
    assert.deepEqual(await stored(scene, id), { cart: { items: [{ n: 1 }, { n: 2 }] }, other: 1 });
    Object.assign(data.cart.items[0] ?? {}, { n: 9 });
    await store.set(id, data as never);
    assert.deepEqual(await stored(scene, id), { cart: { items: [{ n: 9 }, { n: 2 }] }, other: 1 });
  }),
  ...inBoth(99, "names of Object.prototype and the empty name are plain data", async (scene) => {
    const names = ["__proto__", "constructor", "toString", "hasOwnProperty", "prototype", "", "0", "\u0000"];
    const session = await opened(scene.sessions, await given(scene, { saved: 1 }));
    for (const name of names) {
      assert.equal(session.get(name), undefined);
      assert.equal(session.has(name), false);
      assert.deepEqual(session.flash.peek(name), []);
    }
    for (const name of names) {
      session.set(name, JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`));
      session.flash.add(name, JSON.parse(`{"__proto__":{"polluted":1}}`));
    }
    await session.save();
    const again = await opened(scene.others, session.id);
    assert.deepEqual(
      again
        .names()
        .filter((name) => name !== "saved")
        .sort(),
      [...names].sort(),
    );
    assert.deepEqual(again.flash.types().sort(), [...names].sort());
    for (const name of names) {
      for (const value of [again.get(name), again.copy(name), again.flash.peek(name)[0]]) {
        assert.deepEqual(Object.getOwnPropertyDescriptor(value, "__proto__")?.value, { polluted: 1 });
        assert.equal(Object.getPrototypeOf(value), Object.prototype);
      }
      again.delete(name);
      again.flash.take(name);
    }
    await again.save();
    assert.deepEqual(await stored(scene, session.id), { saved: 1 });
    assertUnpolluted();
  }),
  ...inExpress(99, "express-session's members of such names are plain data", async (scene) => {
    const id = await given(scene, JSON.parse(`{"__proto__":{"polluted":1},"constructor":{"polluted":1}}`));
    const store = scene.subject.createExpressStore(scene.sessions);
    const data = (await store.get(id)) as unknown as Record<string, unknown>;
    assert.equal(Object.getPrototypeOf(data), Object.prototype);
    assert.deepEqual(Object.getOwnPropertyDescriptor(data, "__proto__")?.value, { polluted: 1 });
    Object.defineProperty(data, "__proto__", { value: { polluted: 2 }, enumerable: true });
    await store.set(id, data as never);
    const session = await opened(scene.others, id);
    assert.deepEqual(JSON.parse(JSON.stringify(session.get("__proto__"))), { polluted: 2 });
    assertUnpolluted();
  }),
  ...inNative(99, "the names of a record's own members are no attributes", async (scene) => {
    const id = await given(scene, { v: 2, tokens: "none", forward: { key: "x", until: 1 }, createdAt: "never" });
    assert.deepEqual(await stored(scene, id), {
      v: 2,
      tokens: "none",
      forward: { key: "x", until: 1 },
      createdAt: "never",
    });
  }),
];

function changeInOrder(draft: SessionDraft): void {
  draft.set("changed", 2);
  draft.update("changed", increment);
  draft.delete("removed");
  draft.set("made", [0]);
  draft.update("made", () => [1]);
  draft.set("passing", 1);
  draft.delete("passing");
  draft.delete("never there");
  draft.update("passing", () => undefined);
}

function visible(draft: SessionDraft): Record<string, unknown> {
  for (const name of draft.names()) assert.ok(draft.has(name));
  return Object.fromEntries(draft.names().map((name) => [name, draft.get(name)]));
}

export function nested(levels: number): unknown {
  let value: unknown = [];
  for (let level = 1; level < levels; level += 1) value = level % 2 ? { value } : [value];
  return value;
}

function unserialisable(): unknown[] {
  const cycle: unknown[] = [];
  cycle.push({ cycle });
  return [1n, () => 1, Symbol("s"), undefined, Number.NaN, Infinity, new Date(0), new Map(), cycle, nested(101)];
}

function assertUnpolluted(): void {
  assert.equal(({} as { polluted?: unknown }).polluted, undefined);
  assert.equal((Object as { polluted?: unknown }).polluted, undefined);
}
