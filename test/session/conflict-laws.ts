import assert from "node:assert/strict";
import type { Session, SessionFormat } from "sessionwire";
import { rejects } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { handedOut, inBoth, increment, inExpress, inNative, opened, someoneSets, someoneWrites } from "./scene-laws.ts";
import { after, given, refuses, type SessionSubject, stored } from "./stage.ts";

/** What comes out when several change a session at the same time. */
export const conflictLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(85, "of many that have opened a session, each one's attribute is stored", async (scene) => {
    const id = await given(scene, { kept: 1 });
    const processes = [scene.sessions, scene.others, scene.process(), scene.process()];
    const holders = await Promise.all(
      Array.from({ length: 16 }, (_, index) => opened(processes[index % 4] ?? scene.sessions, id)),
    );
    for (const [index, holder] of holders.entries()) holder.set(`of ${index}`, index);
    await Promise.all(holders.map((holder) => holder.save()));
    const expected = Object.fromEntries(holders.map((_, index) => [`of ${index}`, index]));
    assert.deepEqual(await stored(scene, id), { kept: 1, ...expected });
  }),
  ...inBoth(85, "a change that comes between is kept, wherever it comes", async (scene) => {
    for (const method of ["read", "write"] as const) {
      const id = await given(scene, { kept: 1 });
      scene.stage.next(method, after(someoneSets(scene, id, "theirs", 1)));
      await scene.sessions.update(id, (draft) => draft.set("mine", 1));
      assert.deepEqual(await stored(scene, id), { kept: 1, theirs: 1, mine: 1 });
    }
  }),
  ...inBoth(85, "what an earlier save has stored is there when it resolves", async (scene) => {
    const id = await given(scene, { a: 0 });
    const [one, other] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    for (let round = 1; round <= 5; round += 1) {
      for (const [holder, name] of [[one, "one"] as const, [other, "other"] as const]) {
        holder.set(name, round);
        await holder.save();
        assert.equal((await stored(scene, id))?.[name], round);
      }
    }
    assert.deepEqual(await stored(scene, id), { a: 0, one: 5, other: 5 });
  }),
  ...inExpress(85, "of two requests at the same time, both changes are stored", async (scene) => {
    const id = await given(scene, { cart: [1], name: "a", gone: 1 });
    const store = scene.subject.createExpressStore(scene.sessions);
    const [slow, fast] = [await handedOut(store, id), await handedOut(store, id)];
    Object.assign(fast, { name: "b" });
    Object.assign(slow, { cart: [1, 2] });
    delete (fast as { gone?: unknown }).gone;
    await store.set(id, fast);
    await someoneSets(scene, id, "elsewhere", 1)();
    await store.set(id, slow);
    assert.deepEqual(await stored(scene, id), { cart: [1, 2], name: "b", elsewhere: 1 });
  }),
  ...inBoth(86, "an attribute that was deleted stays away when others save", async (scene) => {
    const id = await given(scene, { deleted: 1, kept: 1 });
    const holder = await opened(scene.sessions, id);
    await scene.others.update(id, (draft) => draft.delete("deleted"));
    holder.set("other", 1);
    await holder.save();
    assert.deepEqual(await stored(scene, id), { kept: 1, other: 1 });
    assert.equal(holder.has("deleted"), false);
  }),
  ...inBoth(86, "a deletion is made again when somebody was faster", async (scene) => {
    const id = await given(scene, { deleted: 1, kept: 1 });
    const holder = await opened(scene.sessions, id);
    holder.delete("deleted");
    scene.stage.next("write", after(someoneSets(scene, id, "deleted", 2)));
    await holder.save();
    assert.deepEqual(await stored(scene, id), { kept: 1 });
  }),
  ...inExpress(86, "a member that a request has deleted stays away when another request saves", async (scene) => {
    const id = await given(scene, { deleted: 1, kept: 1 });
    const store = scene.subject.createExpressStore(scene.sessions);
    const [slow, fast] = [await handedOut(store, id), await handedOut(store, id)];
    delete (fast as { deleted?: unknown }).deleted;
    await store.set(id, fast);
    Object.assign(slow, { other: 1 });
    await store.set(id, slow);
    assert.deepEqual(await stored(scene, id), { kept: 1, other: 1 });
  }),
  ...inBoth(87, "functions run again on fresh data, and each is counted once", async (scene) => {
    const id = await given(scene, { count: 0 });
    const processes = [scene.sessions, scene.others, scene.process(), scene.process()];
    const holders: Session[] = [];
    for (const process of processes) for (let n = 0; n < 5; n += 1) holders.push(await opened(process, id));
    for (const holder of holders) holder.update("count", increment);
    const updates = processes.flatMap((process) =>
      Array.from({ length: 5 }, () => process.update(id, (draft) => draft.update("count", increment))),
    );
    await Promise.all([...holders.map((holder) => holder.save()), ...updates]);
    assert.deepEqual(await stored(scene, id), { count: 40 });
  }),
  ...inBoth(
    88,
    "conflicts beyond the limit are code conflict, and the changes are kept",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      const holder = await opened(scene.sessions, id);
      holder.update("count", increment);
      scene.stage.next(
        "write",
        after(() => someoneWrites(scene, id, 1)),
        3,
      );
      await rejects(holder.save(), "conflict", "not-applied");
      assert.equal(scene.stage.count("write"), 3);
      assert.deepEqual(await stored(scene, id), { count: 0, elsewhere: 1 });
      assert.equal(holder.isChanged, true);
      assert.equal(holder.get("count"), 1);
      await holder.save();
      assert.deepEqual(await stored(scene, id), { count: 1, elsewhere: 1 });
    },
    { maxConflicts: 2 },
  ),
  ...inBoth(
    88,
    "an update and a move beyond the limit are code conflict",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      scene.stage.next(
        "write",
        after(() => someoneWrites(scene, id, 1)),
        3,
      );
      const update = scene.sessions.update(id, (draft) => draft.update("count", increment));
      await rejects(update, "conflict", "not-applied");
      const holder = await opened(scene.sessions, id);
      scene.stage.next(
        "destroy",
        after(() => someoneWrites(scene, id, 1)),
        3,
      );
      await rejects(holder.regenerate(), "conflict", "not-applied");
      assert.equal(holder.id, id);
      assert.deepEqual(await stored(scene, id), { count: 0, elsewhere: 1 });
    },
    { maxConflicts: 2 },
  ),
  ...inBoth(
    88,
    "a conflict is no certainty where an earlier attempt is in doubt",
    async (scene) => {
      const id = await given(scene, { a: 0 });
      const holder = await opened(scene.sessions, id);
      holder.set("a", 1);
      const lost = async (apply: () => Promise<unknown>) => {
        await apply();
        await someoneWrites(scene, id, 1);
        throw new scene.subject.SessionError("unavailable", "The reply was lost.", { outcome: "unknown" });
      };
      scene.stage.next("write", lost);
      scene.stage.next(
        "write",
        after(() => someoneWrites(scene, id, 1)),
        3,
      );
      const outcome = await holder.save().then(
        () => "stored",
        (error: { outcome?: string }) => error.outcome,
      );
      assert.notEqual(outcome, "not-applied");
      assert.equal((await stored(scene, id))?.a, 1);
    },
    { maxConflicts: 2 },
  ),
  ...inBoth(89, "a save that fails keeps the changes, and the next one stores them", async (scene) => {
    const id = await given(scene, { kept: 1, count: 0, deleted: 1 });
    const holder = await opened(scene.sessions, id);
    holder.set("mine", 1);
    holder.update("count", increment);
    holder.delete("deleted");
    for (const code of ["unavailable", "overloaded", "too_large", "read_only"] as const) {
      scene.stage.next("write", refuses(scene, code));
      await rejects(holder.save(), code, "not-applied");
      assert.equal(holder.isChanged, true);
      assert.equal(holder.get("mine"), 1);
      assert.equal(holder.get("count"), 1);
    }
    await someoneSets(scene, id, "theirs", 1)();
    await holder.save();
    assert.deepEqual(await stored(scene, id), { kept: 1, count: 1, mine: 1, theirs: 1 });
  }),
  ...inBoth(
    89,
    "a save that was too large keeps the changes, and is not encoded again before something has changed",
    async (scene) => {
      let encoded = 0;
      const format = scene.format();
      const counting: SessionFormat = {
        ...format,
        encode(record) {
          encoded += 1;
          return format.encode(record);
        },
      };
      const store = scene.subject.createMemoryHandler({ maxBytes: 2000 });
      const sessions = scene.process({ handler: store, format: counting });
      const session = await sessions.create();
      session.set("stored", "s".repeat(1200));
      await session.save();
      session.set("a", "x".repeat(1200));
      for (let count = 0; count < 3; count += 1) await rejects(session.save(), "too_large", "not-applied");
      assert.equal(encoded, 2);
      assert.ok(session.isChanged);
      session.set("b", 1);
      await rejects(session.save(), "too_large", "not-applied");
      assert.equal(encoded, 3);
      await scene.process({ handler: store }).update(session.id, (draft) => draft.set("stored", 0));
      await session.save();
      assert.deepEqual([...(await opened(sessions, session.id)).names()].sort(), ["a", "b", "stored"]);
    },
  ),
  ...inExpress(
    89,
    "of a request that cannot be stored as a whole, nothing is stored by its next save",
    async (scene) => {
      const id = await given(scene, { a: 0 });
      const sessions = scene.process({ handler: { ...scene.stage, maxBytes: 2000 } });
      const store = scene.subject.createExpressStore(sessions);
      const data = await handedOut(store, id);
      Object.assign(data, { a: 1, b: "x".repeat(3000) });
      await rejects(store.set(id, data), "too_large", "not-applied");
      await store.touch(id, data);
      assert.deepEqual(await stored(scene, id), { a: 0 });
      Object.assign(data, { b: 1 });
      await store.set(id, data);
      assert.deepEqual(await stored(scene, id), { a: 1, b: 1 });
    },
  ),
  ...inBoth(89, "a save of which a part is stored when it fails says so, and keeps the rest", async (scene) => {
    for (const code of ["unavailable", "overloaded", "read_only"] as const) {
      const id = await given(scene, { a: 0 });
      const holder = await opened(scene.sessions, id);
      const names = ["a", "b", "c", "d", "e", "f"]; // more than go into one write
      for (const name of names) {
        holder.set(name, 1);
        scene.stage.next("write", refuses(scene, code));
        await rejects(holder.save(), code, "not-applied");
      }
      scene.stage.next("write", (apply) => apply());
      scene.stage.next("write", refuses(scene, code));
      await rejects(holder.save(), code, "unknown");
      const now = await stored(scene, id);
      assert.notDeepEqual(now, { a: 0 });
      assert.notDeepEqual(now, Object.fromEntries(names.map((name) => [name, 1])));
      assert.equal(holder.isChanged, true);
      await holder.save();
      assert.deepEqual(await stored(scene, id), Object.fromEntries(names.map((name) => [name, 1])));
    }
  }),
  ...inBoth(89, "a save of which a part is stored when the session ends says so", async (scene) => {
    const id = await given(scene, { a: 0 });
    const holder = await opened(scene.sessions, id);
    for (const name of ["a", "b", "c", "d", "e", "f"]) {
      holder.set(name, 1);
      scene.stage.next("write", refuses(scene));
      await assert.rejects(holder.save());
    }
    scene.stage.next("write", (apply) => apply());
    scene.stage.next(
      "write",
      after(() => scene.others.destroy(id)),
    );
    await rejects(holder.save(), "gone", "unknown");
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(89, "a creation that fails keeps the changes", async (scene) => {
    const session = await scene.sessions.create();
    session.update("count", increment);
    session.flash.add("notice", "hello");
    scene.stage.next("write", refuses(scene));
    await rejects(session.save(), "unavailable", "not-applied");
    assert.ok(session.isNew && session.isChanged);
    await session.save();
    assert.deepEqual(await stored(scene, session.id), { count: 1 });
    assert.deepEqual(session.flash.peek("notice"), ["hello"]);
  }),
  ...inExpress(89, "what a request has changed is stored by its next save when the first one failed", async (scene) => {
    const id = await given(scene, { a: 0 });
    const store = scene.subject.createExpressStore(scene.sessions);
    const data = await handedOut(store, id);
    Object.assign(data, { a: 1 });
    scene.stage.next("write", refuses(scene));
    await rejects(store.set(id, data), "unavailable", "not-applied");
    await store.set(id, data);
    assert.deepEqual(await stored(scene, id), { a: 1 });
  }),
  ...inBoth(90, "changes made during a running save are kept, and stored by the next one", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    holder.set("name", "first");
    const write = scene.stage.hold("write");
    const saving = holder.save();
    await write.arrived;
    holder.update("count", increment);
    holder.set("name", "second");
    holder.flash.add("notice", "hello");
    assert.equal(holder.get("count"), 2);
    write.release();
    await saving;
    assert.deepEqual(await stored(scene, id), { count: 1, name: "first" });
    assert.equal(holder.isChanged, true);
    assert.equal(holder.get("count"), 2);
    assert.equal(holder.get("name"), "second");
    await holder.save();
    assert.deepEqual(await stored(scene, id), { count: 2, name: "second" });
    assert.equal(holder.isChanged, false);
  }),
  ...inBoth(90, "saves of one object run one after the other", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    const write = scene.stage.hold("write");
    holder.update("count", increment);
    const first = holder.save();
    await write.arrived;
    holder.update("count", increment);
    const second = holder.save();
    await scene.clock.advance(0);
    assert.equal(scene.stage.count("write"), 1);
    write.release();
    await Promise.all([first, second]);
    assert.equal(scene.stage.count("write"), 2);
    assert.deepEqual(await stored(scene, id), { count: 2 });
  }),
  ...inBoth(90, "a save that fails takes none of the later ones with it", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    const write = scene.stage.hold("write");
    holder.update("count", increment);
    const first = holder.save();
    await write.arrived;
    holder.set("later", 1);
    const second = holder.save();
    write.release(refuses(scene));
    await rejects(first, "unavailable", "not-applied");
    await second;
    assert.deepEqual(await stored(scene, id), { count: 1, later: 1 });
  }),
  ...inExpress(93, "of two new sessions of one id, the second lays its changes over the first", async (scene) => {
    const [one, other] = [await scene.sessions.create({ id: "chosen" }), await scene.others.create({ id: "chosen" })];
    one.set("one", 1);
    one.set("both", 1);
    one.update("count", increment);
    other.set("other", 2);
    other.set("both", 2);
    other.update("count", increment);
    await one.save();
    await other.save();
    assert.deepEqual(await stored(scene, "chosen"), { one: 1, both: 2, other: 2, count: 2 });
  }),
  ...inExpress(93, "of two that create a session at the same moment, both are stored", async (scene) => {
    const one = await scene.sessions.create({ id: "chosen" });
    one.set("one", 1);
    scene.stage.next(
      "write",
      after(async () => {
        const other = await scene.others.create({ id: "chosen" });
        other.set("other", 2);
        await other.save();
      }),
    );
    await one.save();
    assert.deepEqual(await stored(scene, "chosen"), { one: 1, other: 2 });
  }),
  ...inExpress(93, "only the one that stored a session for the first time says that it was created", async (scene) => {
    const heard: string[] = [];
    scene.sessions.subscribe(({ type }) => heard.push(type));
    for (const name of ["one", "other"]) {
      const session = await scene.sessions.create({ id: "chosen" });
      session.set(name, 1);
      await session.save();
    }
    assert.deepEqual(heard, ["created"]);
  }),
  ...inNative(93, "nobody but the format chooses an id", async (scene) => {
    await assert.rejects(scene.sessions.create({ id: "x".repeat(43) }), TypeError);
    const [one, other] = [await scene.sessions.create(), await scene.sessions.create()];
    assert.notEqual(one.id, other.id);
  }),
  ...inBoth(100, "changes of different attributes come to the same in either order", async (scene) => {
    const results: unknown[] = [];
    for (const inOrder of [
      [0, 1, 2],
      [2, 1, 0],
      [1, 0, 2],
    ]) {
      const id = await given(scene, { a: 1, b: 1, c: 1 });
      const holders = [
        await opened(scene.sessions, id),
        await opened(scene.others, id),
        await opened(scene.sessions, id),
      ];
      holders[0]?.set("a", 2);
      holders[1]?.delete("b");
      holders[2]?.update("c", increment);
      for (const index of inOrder) await holders[index]?.save();
      results.push(await stored(scene, id));
    }
    for (const result of results) assert.deepEqual(result, { a: 2, c: 2 });
  }),
  ...inBoth(100, "saving no change leaves what others have made of the session", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    const key = await scene.format().keyOf(id);
    await someoneSets(scene, id, "a", 2)();
    const before = await scene.store.read(key);
    await holder.save();
    assert.deepEqual(await scene.store.read(key), before);
  }),
  ...inBoth(100, "of one attribute, the last that is saved stays", async (scene) => {
    const id = await given(scene, { a: 0 });
    const [one, other] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    one.set("a", 1);
    other.set("a", 2);
    await other.save();
    await one.save();
    assert.deepEqual(await stored(scene, id), { a: 1 });
    other.set("a", 3);
    await other.save();
    assert.deepEqual(await stored(scene, id), { a: 3 });
  }),
  ...inBoth(101, "who has held a session for hours saves without erasing what was saved since", async (scene) => {
    const id = await given(scene, { name: "a", cart: [1], removed: 1 });
    const socket = await opened(scene.sessions, id);
    for (let minute = 0; minute < 300; minute += 20) {
      await scene.clock.advance(20 * 60_000);
      const request = await opened(scene.others, id);
      request.set("cart", [minute]);
      request.set("name", "b");
      request.delete("removed");
      request.set(`at ${minute}`, minute);
      await request.save();
    }
    socket.set("seen", true);
    await socket.save();
    const expected = { ...(await stored(scene, id)) };
    assert.equal(expected.name, "b");
    assert.deepEqual(expected.cart, [280]);
    assert.equal(expected.seen, true);
    assert.equal("removed" in expected, false);
    assert.equal(Object.keys(expected).length, 3 + 15);
  }),
  ...inBoth(101, "a refresh shows what was saved since", async (scene) => {
    const id = await given(scene, { a: 1, removed: 1 });
    const socket = await opened(scene.sessions, id);
    await scene.others.update(id, (draft) => {
      draft.set("a", 2);
      draft.delete("removed");
    });
    assert.equal(socket.get("a"), 1);
    await socket.refresh();
    assert.equal(socket.get("a"), 2);
    assert.equal(socket.has("removed"), false);
    assert.equal(socket.isChanged, false);
  }),
];
