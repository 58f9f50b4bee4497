import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { rejects } from "sessionwire/testing";
import { type Law, text } from "../laws/law.ts";
import { inBoth, increment, inExpress, inNative, opened, someoneSets } from "./scene-laws.ts";
import { after, given, losesReply, losesRequest, refuses, type Scene, type SessionSubject, stored } from "./stage.ts";

/** New ids. */
export const moveLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(96, "the new id has everything, the unsaved included, and the old one has ended", async (scene) => {
    const id = await given(scene, { a: 1, count: 0, deleted: 1 });
    await scene.others.update(id, (draft) => draft.flash.add("notice", "hello"));
    const holder = await opened(scene.sessions, id);
    holder.set("mine", 1);
    holder.update("count", increment);
    holder.delete("deleted");
    await holder.regenerate();
    assert.notEqual(holder.id, id);
    assert.equal(holder.isChanged, false);
    assert.equal(await stored(scene, id), undefined);
    assert.deepEqual(await stored(scene, holder.id), { a: 1, count: 1, mine: 1 });
    assert.deepEqual((await opened(scene.others, holder.id)).flash.peek("notice"), ["hello"]);
    holder.set("later", 1);
    await holder.save();
    assert.deepEqual(await stored(scene, holder.id), { a: 1, count: 1, mine: 1, later: 1 });
  }),
  ...inBoth(96, "whatever the old id has taken is at the new one", async (scene) => {
    const id = await given(scene, { count: 0, removed: 1 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    for (const name of ["first", "second", "third"]) {
      scene.stage.next(
        "destroy",
        after(() =>
          scene.others.update(id, (draft) => {
            draft.update("count", increment);
            draft.set(name, 1);
            draft.delete("removed");
          }),
        ),
      );
    }
    scene.stage.next("write", after(someoneSets(scene, id, "zeroth", 1)));
    await holder.regenerate();
    assert.deepEqual(await stored(scene, holder.id), { count: 4, zeroth: 1, first: 1, second: 1, third: 1 });
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(96, "when it fails, the old id is as it was, and nothing is left of the new one", async (scene) => {
    for (const method of ["write", "destroy"] as const) {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      holder.set("mine", 1);
      scene.stage.next(method, refuses(scene));
      const asked = scene.stage.calls.length;
      await rejects(holder.regenerate(), "unavailable", "not-applied");
      assert.equal(holder.id, id);
      assert.equal(holder.isChanged, true);
      assert.deepEqual(await stored(scene, id), { a: 1 });
      assert.equal(await scene.store.read(copyKey(scene, asked)), undefined);
      await holder.save();
      assert.deepEqual(await stored(scene, id), { a: 1, mine: 1 });
      await holder.regenerate();
      assert.deepEqual(await stored(scene, holder.id), { a: 1, mine: 1 });
    }
  }),
  ...inBoth(96, "when its copy is in doubt, the old id is good for certain", async (scene) => {
    for (const lost of [losesReply, losesRequest]) {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      scene.stage.next("write", lost(scene, "timeout"));
      await rejects(holder.regenerate(), "timeout", "not-applied");
      assert.equal(holder.id, id);
      assert.deepEqual(await stored(scene, id), { a: 1 });
    }
  }),
  ...inBoth(96, "a request lost on the way to the old id is sent again", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    scene.stage.next("destroy", losesRequest(scene));
    await holder.regenerate();
    assert.deepEqual(await stored(scene, holder.id), { a: 1 });
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(96, "what it says of its outcome is true when no answer comes from the old id", async (scene) => {
    for (const code of ["unavailable", "timeout"] as const) {
      for (const lost of [losesReply, losesRequest]) {
        const id = await given(scene, { a: 1 });
        const holder = await opened(scene.sessions, id);
        scene.stage.next("destroy", lost(scene, code));
        const outcome = await holder.regenerate().then(
          () => "moved",
          (error: { outcome?: string }) => error.outcome,
        );
        if (outcome === "moved") assert.deepEqual(await stored(scene, holder.id), { a: 1 });
        if (outcome === "not-applied") assert.deepEqual(await stored(scene, id), { a: 1 });
      }
    }
  }),
  ...inBoth(96, "when the second attempt to end the old id is refused, nobody knows of the first", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    scene.stage.next("destroy", losesReply(scene));
    scene.stage.next("destroy", refuses(scene));
    await rejects(holder.regenerate(), "unavailable", "unknown");
    assert.equal(await stored(scene, id), undefined);
    assert.ok(await scene.store.read(copyKey(scene, 0)), "the copy is all there is");
  }),
  ...inBoth(96, "when no answer comes from the old id, the copy is left: it may be all there is", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    scene.stage.next("destroy", losesReply(scene, "timeout"));
    await rejects(holder.regenerate(), "timeout", "unknown");
    assert.ok(await scene.store.read(copyKey(scene, 0)));
  }),
  ...inNative(
    96,
    "a move prolongs no lifetime",
    async (scene) => {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      await scene.clock.advance(60_000);
      await holder.regenerate();
      await scene.clock.advance(39_999);
      assert.deepEqual(await stored(scene, holder.id), { a: 1 });
      await scene.clock.advance(1);
      assert.equal(await stored(scene, holder.id), undefined);
    },
    { lifetimeSeconds: 100 },
  ),
  ...inExpress(96, "a session whose creation is in doubt is not given up by a move", async (scene) => {
    const session = await scene.sessions.create({ id: "chosen" });
    session.set("a", 1);
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(session.save(), "timeout", "unknown");
    const code = await session.regenerate().then(
      () => "moved",
      (error: { code?: string }) => error.code,
    );
    if (code === "moved") assert.deepEqual(await stored(scene, session.id), { a: 1 });
    if (code === "gone") assert.equal(await stored(scene, "chosen"), undefined);
  }),
  ...inBoth(96, "a new session gets another id, under which it is stored with what is in it", async (scene) => {
    const session = await scene.sessions.create();
    const { id } = session;
    await session.regenerate();
    assert.notEqual(session.id, id);
    assert.deepEqual(scene.stage.calls, []);
    session.set("a", 1);
    await session.regenerate();
    assert.equal(session.isNew, false);
    assert.deepEqual(await stored(scene, session.id), { a: 1 });
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inExpress(96, "there is no grace time, and saying so ends nothing", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    await assert.rejects(holder.regenerate({ graceSeconds: 1 }), TypeError);
    assert.equal(holder.id, id);
    assert.deepEqual(await stored(scene, id), { a: 1 });
  }),
  ...inNative(96, "for its grace time the old id leads to the session, to read it", async (scene) => {
    const { id, holder } = await moved(scene, 30);
    holder.set("later", 1);
    await holder.save();
    const old = await opened(scene.others, id);
    assert.equal(old.isReadOnly, true);
    assert.equal(old.get("a"), 1);
    assert.equal(old.get("later"), 1);
    for (const change of [
      () => old.set("a", 2),
      () => old.delete("a"),
      () => old.update("a", () => 2),
      () => old.flash.add("notice", "x"),
    ]) {
      assert.throws(change, { code: "read_only" });
    }
    await rejects(old.regenerate(), "read_only", "not-applied");
    await old.save();
    await rejects(
      scene.others.update(id, (draft) => draft.set("a", 2)),
      "gone",
      "not-applied",
    );
    assert.deepEqual(await stored(scene, holder.id), { a: 1, later: 1 });
    assert.equal((await opened(scene.others, holder.id)).isReadOnly, false);
  }),
  ...inNative(96, "what is left under the old id leads to a key, and tells no id and no data", async (scene) => {
    const { id, holder } = await moved(scene, 30);
    const left = text((await scene.store.read(await scene.format().keyOf(id)))?.data) ?? "";
    assert.ok(left.includes(await scene.format().keyOf(holder.id)));
    for (const secret of [id, holder.id, '"a"']) assert.ok(!left.includes(secret));
  }),
  ...inNative(
    96,
    "the grace time has an end that no use moves",
    async (scene) => {
      const { id, holder } = await moved(scene, 10);
      const held = await opened(scene.others, id);
      for (let second = 0; second < 9; second += 1) {
        await scene.clock.advance(1000);
        await (await opened(scene.others, id)).touch();
        await held.touch();
      }
      await scene.clock.advance(1000);
      assert.equal(await scene.others.open(id), undefined);
      assert.equal(await scene.store.read(await scene.format().keyOf(id)), undefined);
      assert.deepEqual(await stored(scene, holder.id), { a: 1 });
    },
    { touchEverySeconds: 0 },
  ),
  ...inNative(96, "who has opened the session by its old id loses it at the end of the grace time", async (scene) => {
    const { id } = await moved(scene, 10);
    const held = await opened(scene.others, id);
    await scene.clock.advance(10_000);
    await rejects(held.refresh(), "gone", "any");
  }),
  ...inNative(96, "neither a second grace time nor the end of the first moves the end of the other", async (scene) => {
    for (const [first, second] of [
      [10, 30],
      [20, 5],
    ] as const) {
      const { id, holder } = await moved(scene, first);
      const middle = holder.id;
      await holder.regenerate({ graceSeconds: second });
      const [held, heldInTheMiddle] = [await opened(scene.others, id), await opened(scene.others, middle)];
      assert.equal(held.ttlSeconds, Math.min(first, second));
      await scene.clock.advance(Math.min(first, second) * 1000 - 1);
      await held.refresh();
      await held.touch();
      await scene.clock.advance(1);
      await rejects(held.refresh(), "gone", "any");
      await rejects(held.touch(), "gone", "any");
      assert.equal(held.ttlSeconds, 0);
      assert.equal(await scene.others.open(id), undefined);
      if (second > first) {
        await heldInTheMiddle.refresh();
        assert.equal((await opened(scene.others, middle)).ttlSeconds, second - first);
        await scene.clock.advance((second - first) * 1000);
      }
      await rejects(heldInTheMiddle.refresh(), "gone", "any");
      assert.deepEqual(await stored(scene, holder.id), { a: 1 });
    }
  }),
  ...inNative(96, "a grace time is of 0 to 30 whole seconds, else nothing is moved", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    for (const graceSeconds of [-1, 31, 0.5, Number.NaN, "5" as never]) {
      await assert.rejects(holder.regenerate({ graceSeconds }), RangeError);
    }
    assert.equal(holder.id, id);
    assert.equal(scene.stage.count("write"), 0);
  }),
  ...inNative(96, "a sign-out with the old id ends the session", async (scene) => {
    for (const signOut of signOuts) {
      const { id, holder } = await moved(scene, 30);
      await signOut(scene, id);
      assert.equal(await stored(scene, holder.id), undefined);
      assert.equal(await stored(scene, id), undefined);
    }
  }),
  ...inNative(96, "a sign-out by who has held the session since before the move ends it", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [mover, stale] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    await mover.regenerate({ graceSeconds: 30 });
    await stale.destroy();
    assert.equal(await stored(scene, mover.id), undefined);
  }),
  ...inNative(96, "a sign-out while the session is being moved ends it", async (scene) => {
    const id = await given(scene, { a: 1 });
    const mover = await opened(scene.others, id);
    scene.stage.next(
      "destroy",
      after(() => mover.regenerate({ graceSeconds: 30 })),
    );
    await scene.sessions.destroy(id);
    assert.equal(await stored(scene, mover.id), undefined);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inNative(96, "an old id leads on over two moves, or nowhere, but never to an empty session", async (scene) => {
    const { id, holder } = await moved(scene, 30);
    await holder.regenerate({ graceSeconds: 30 });
    const old = await scene.others.open(id);
    if (old) assert.equal(old.get("a"), 1);
    await scene.others.destroy(id);
    assert.equal(await stored(scene, holder.id), undefined);
  }),
  ...inNative(96, "a lost reply of the old id's forward is cleared up", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    const copyIsWritten = scene.stage.hold("write");
    const moving = holder.regenerate({ graceSeconds: 30 });
    await copyIsWritten.arrived;
    scene.stage.next("write", losesReply(scene));
    copyIsWritten.release();
    await moving;
    assert.deepEqual(await stored(scene, holder.id), { a: 1 });
    assert.equal((await opened(scene.others, id)).isReadOnly, true);
  }),
  ...inNative(96, "with a grace time, too, whatever the old id has taken is at the new one", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    const copyIsWritten = scene.stage.hold("write");
    const moving = holder.regenerate({ graceSeconds: 30 });
    await copyIsWritten.arrived;
    scene.stage.next("write", after(someoneSets(scene, id, "theirs", 1)));
    copyIsWritten.release();
    await moving;
    assert.deepEqual(await stored(scene, holder.id), { a: 1, theirs: 1 });
  }),
  ...inBoth(97, "of two that move a session at the same time, one succeeds and the other is gone", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [slow, fast] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    scene.stage.next(
      "destroy",
      after(() => fast.regenerate()),
    );
    await rejects(slow.regenerate(), "gone", "not-applied");
    assert.ok(slow.hasEnded);
    assert.equal(slow.id, id);
    assert.deepEqual(await stored(scene, fast.id), { a: 1 });
    assert.equal(await scene.store.read(copyKey(scene, 0)), undefined);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(97, "so it is within one process", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holders = await Promise.all([1, 2, 3].map(() => opened(scene.sessions, id)));
    const results = await Promise.allSettled(holders.map((holder) => holder.regenerate()));
    assert.deepEqual(results.map(({ status }) => status).sort(), ["fulfilled", "rejected", "rejected"]);
    const living = await Promise.all(holders.map((holder) => stored(scene, holder.id)));
    assert.deepEqual(
      living.filter((session) => session !== undefined),
      [{ a: 1 }],
    );
  }),
  ...inNative(97, "so it is with a grace time", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [slow, fast] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    const copy = scene.stage.hold("write");
    const moving = slow.regenerate({ graceSeconds: 30 });
    await copy.arrived;
    scene.stage.next(
      "write",
      after(() => fast.regenerate({ graceSeconds: 30 })),
    );
    copy.release();
    await rejects(moving, "gone", "not-applied");
    assert.equal((await opened(scene.others, id)).get("a"), 1);
    assert.deepEqual(await stored(scene, fast.id), { a: 1 });
    assert.equal(await scene.store.read(copyKey(scene, 0)), undefined);
  }),
  ...inBoth(97, "who saves on the old id after the move is gone, and brings nothing back", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [holder, late] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    late.set("late", 1);
    await holder.regenerate();
    await rejects(late.save(), "gone", "not-applied");
    await rejects(
      scene.others.update(id, (draft) => draft.set("late", 1)),
      "gone",
      "not-applied",
    );
    assert.equal(await stored(scene, id), undefined);
    assert.deepEqual(await stored(scene, holder.id), { a: 1 });
  }),
  ...inNative(97, "within a grace time, too, who saves on the old id is gone", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [holder, late] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    late.set("late", 1);
    await holder.regenerate({ graceSeconds: 30 });
    await rejects(late.save(), "gone", "not-applied");
    await rejects(late.refresh(), "gone", "any");
    assert.equal((await opened(scene.others, id)).get("a"), 1);
    assert.deepEqual(await stored(scene, holder.id), { a: 1 });
  }),
  ...inBoth(97, "a destroy that comes between ends the session, and its copy", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    scene.stage.next(
      "destroy",
      after(() => scene.others.destroy(id)),
    );
    await rejects(holder.regenerate(), "gone", "not-applied");
    assert.equal(await scene.store.read(copyKey(scene, 0)), undefined);
  }),
  ...inBoth(98, "invalidate ends the session, and makes an empty new one under a new id", async (scene) => {
    const id = await given(scene, { a: 1 });
    await scene.others.update(id, (draft) => draft.flash.add("notice", "hello"));
    const holder = await opened(scene.sessions, id);
    holder.set("unsaved", 1);
    await holder.invalidate();
    assert.notEqual(holder.id, id);
    assert.ok(holder.isNew && !holder.isChanged && !holder.hasEnded);
    assert.deepEqual(holder.names(), []);
    assert.deepEqual(holder.flash.types(), []);
    assert.equal(await stored(scene, id), undefined);
    assert.equal(await stored(scene, holder.id), undefined);
    holder.set("b", 1);
    await holder.save();
    assert.deepEqual(await stored(scene, holder.id), { b: 1 });
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(98, "an invalidate that fails leaves the session as it is", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    holder.set("unsaved", 1);
    scene.stage.next("destroy", refuses(scene));
    await rejects(holder.invalidate(), "unavailable", "not-applied");
    assert.equal(holder.id, id);
    assert.equal(holder.get("unsaved"), 1);
    await holder.save();
    assert.deepEqual(await stored(scene, id), { a: 1, unsaved: 1 });
  }),
  ...inNative(
    98,
    "a session begins its lifetime when it is invalidated",
    async (scene) => {
      const holder = await opened(scene.sessions, await given(scene, { a: 1 }));
      await scene.clock.advance(60_000);
      await holder.invalidate();
      holder.set("b", 1);
      await holder.save();
      await scene.clock.advance(99_999);
      assert.deepEqual(await stored(scene, holder.id), { b: 1 });
    },
    { lifetimeSeconds: 100 },
  ),
];

async function moved(scene: Scene, graceSeconds: number): Promise<{ id: string; holder: Session }> {
  const id = await given(scene, { a: 1 });
  const holder = await opened(scene.sessions, id);
  await holder.regenerate({ graceSeconds });
  return { id, holder };
}

const signOuts: readonly ((scene: Scene, id: string) => Promise<void>)[] = [
  ({ others }, id) => others.destroy(id),
  async ({ others }, id) => (await opened(others, id)).destroy(),
  async ({ others }, id) => (await opened(others, id)).invalidate(),
];

/** Where the first write since then went to. */
function copyKey({ stage }: Scene, since: number): string {
  const write = stage.calls.slice(since).find(({ method }) => method === "write");
  assert.ok(write);
  return write.key;
}
