import assert from "node:assert/strict";
import { rejects } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { inBoth, increment, inExpress, inNative, opened } from "./scene-laws.ts";
import { type Fate, given, type Scene, type SessionSubject, stored } from "./stage.ts";

/** So long others wait for one answer of the store to a caller, and so long it takes them to see that they have. */
const LIMIT_MS = 10_000;
const NOTICED_MS = 400;

const never: Fate = () => new Promise(() => {});
/** It is carried out, and there is no answer. */
const neverAnswered: Fate = async (apply) => {
  await apply();
  return never(apply);
};

/**
 * Who waits for what another caller has begun is not held up when that caller never hears of the store again: it goes on with what
 * was begun, and nothing is lost, made twice or brought back by it (law 111).
 */
export const waitingLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(111, "those who wait for a read that has no end go on", async (scene) => {
    const id = await given(scene, { count: 0 });
    const read = scene.stage.hold("read");
    const first = countUp(scene, id);
    await read.arrived;
    const waiting = [1, 2, 3].map(() => countUp(scene, id));
    await scene.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all(waiting);
    read.release();
    await first;
    assert.equal(scene.stage.count("write"), 1);
    assert.deepEqual(await stored(scene, id), { count: 4 });
  }),
  ...inNative(
    111,
    "those who wait for a write that has no end go on, and count once what it was to count",
    async (scene) => {
      for (const fate of [never, neverAnswered]) {
        const id = await given(scene, { count: 0 });
        scene.stage.next("write", fate);
        const [, ...together] = [1, 2, 3].map(() => countUp(scene, id));
        await scene.clock.advance(1);
        together.push(countUp(scene, id));
        await scene.clock.advance(LIMIT_MS + NOTICED_MS);
        await Promise.all(together);
        assert.deepEqual(await stored(scene, id), { count: 4 });
      }
    },
  ),
  ...inExpress(111, "who shared a write that has no end is told that nobody knows, and others go on", async (scene) => {
    for (const [fate, count] of [
      [never, 1],
      [neverAnswered, 4],
    ] as const) {
      const id = await given(scene, { count: 0 });
      scene.stage.next("write", fate);
      const [, ...together] = [1, 2, 3].map(() => countUp(scene, id));
      await scene.clock.advance(1);
      const failing = together.map((update) => rejects(update, "conflict", "unknown"));
      const later = countUp(scene, id);
      await scene.clock.advance(LIMIT_MS + NOTICED_MS);
      await Promise.all([...failing, later]);
      assert.deepEqual(await stored(scene, id), { count });
    }
  }),
  ...inExpress(92, "a creation that has no end is not made again for those who shared it", async (scene) => {
    const id = "chosen elsewhere";
    const [first, second, third] = await Promise.all(
      ["first", "second", "third"].map(async (name) => {
        const session = await scene.sessions.create({ id });
        session.set(name, 1);
        return session;
      }),
    );
    scene.stage.next("write", never);
    void first?.save();
    const sharing = second?.save() ?? Promise.resolve();
    await scene.clock.advance(1);
    const later = third?.save();
    const failing = rejects(sharing, "conflict", "unknown");
    await scene.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all([failing, later]);
    assert.deepEqual(await stored(scene, id), { third: 1 });
  }),
  ...inBoth(111, "a write that comes late overwrites nothing, and counts nothing twice", async (scene) => {
    const id = await given(scene, { count: 0 });
    const write = scene.stage.hold("write");
    const first = countUp(scene, id).catch(() => {});
    await write.arrived;
    const waiting = [1, 2, 3].map(() => countUp(scene, id));
    await scene.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all(waiting);
    const found = await stored(scene, id);
    write.release();
    await first;
    assert.deepEqual(await stored(scene, id), found);
    await countUp(scene, id);
    assert.deepEqual(await stored(scene, id), { count: Number(found?.count) + 1 });
  }),
  ...inNative(111, "an update resolves with what its function gave in the run that is stored", async (scene) => {
    const id = await given(scene, { mark: 0 });
    let runs = 0;
    const mark = () =>
      scene.sessions.update(id, (draft) => {
        runs += 1;
        draft.set("mark", runs);
        return runs;
      });
    const [write, next] = [scene.stage.hold("write"), scene.stage.hold("write")];
    const [, second] = [mark(), mark()];
    await write.arrived;
    await scene.clock.advance(LIMIT_MS + NOTICED_MS);
    await next.arrived;
    write.release(neverAnswered);
    await scene.clock.advance(0);
    next.release();
    assert.deepEqual(await stored(scene, id), { mark: await second });
  }),
  ...inBoth(111, "who comes long after a call without an end goes on at once", async (scene) => {
    const id = await given(scene, { count: 0 });
    scene.stage.next("read", never);
    void countUp(scene, id);
    await scene.clock.advance(LIMIT_MS);
    const later = countUp(scene, id);
    await scene.clock.advance(NOTICED_MS);
    await later;
    assert.deepEqual(await stored(scene, id), { count: 2 });
  }),
  ...inBoth(111, "who gets on is waited for, however long it takes", async (scene) => {
    const id = await given(scene, { count: 0 });
    await countUp(scene, id);
    const slowly: Fate = async (apply) => {
      await new Promise<void>((resolve) => void scene.clock.schedule(resolve, LIMIT_MS - 1));
      await scene.others.update(id, (draft) => draft.set("theirs", scene.stage.count("write")));
      return apply();
    };
    scene.stage.next("write", slowly, 5);
    const first = countUp(scene, id);
    await scene.clock.advance(1);
    const waiting = countUp(scene, id);
    await scene.clock.advance(5 * LIMIT_MS);
    await Promise.all([first, waiting]);
    assert.equal((await stored(scene, id))?.count, 3);
    assert.equal(scene.stage.count("write"), 1 + 6 + 1);
    assert.equal(scene.stage.count("read"), 1);
  }),
  ...inBoth(111, "what was given up goes no further", async (scene) => {
    const id = await given(scene, { count: 0 });
    const [read, write] = [scene.stage.hold("read"), scene.stage.hold("write")];
    const first = countUp(scene, id);
    await read.arrived;
    await scene.clock.advance(LIMIT_MS);
    const later = countUp(scene, id);
    await scene.clock.advance(NOTICED_MS);
    await write.arrived;
    read.release();
    await scene.clock.advance(0);
    assert.equal(scene.stage.count("write"), 1);
    write.release();
    await Promise.all([first, later]);
    assert.deepEqual(await stored(scene, id), { count: 2 });
  }),
  ...inNative(
    111,
    "of two writes that were left, the one that was carried out is told from the other",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      const write = scene.stage.hold("write");
      scene.stage.next("write", never);
      for (let count = 1; count <= 2; count += 1) void countUp(scene, id);
      await write.arrived;
      const third = countUp(scene, id);
      await scene.clock.advance(LIMIT_MS + NOTICED_MS);
      assert.equal(scene.stage.count("write"), 2);
      write.release(neverAnswered);
      await scene.clock.advance(LIMIT_MS + NOTICED_MS);
      await third;
      assert.deepEqual(await stored(scene, id), { count: 3 });
    },
  ),
  ...inNative(
    111,
    "a session that one caller saves without an end can be saved by another, and counts once",
    async (scene) => {
      for (const fate of [never, neverAnswered]) {
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        scene.stage.next("write", fate);
        holder.update("count", increment);
        void holder.save().catch(() => {});
        await scene.clock.advance(1);
        holder.update("count", increment);
        const saving = holder.save();
        await scene.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
        await saving;
        assert.deepEqual(await stored(scene, id), { count: 2 });
      }
    },
  ),
  ...inExpress(
    111,
    "a session that one caller saves without an end can be saved by another, or nobody knows",
    async (scene) => {
      const id = await given(scene, { count: 0, name: "" });
      const holder = await opened(scene.sessions, id);
      scene.stage.next("write", neverAnswered);
      holder.update("count", increment);
      void holder.save().catch(() => {});
      await scene.clock.advance(LIMIT_MS);
      await countUp(scene, await given(scene, { count: 0 }));
      await scene.clock.advance(1001); // what was known of both sessions is forgotten by now
      holder.set("name", "Zoë");
      const saving = holder.save();
      const failing = rejects(saving, "conflict", "unknown");
      await scene.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
      await failing;
      assert.deepEqual(await stored(scene, id), { count: 1, name: "" });
      holder.discard();
      holder.set("name", "Zoë");
      await holder.save();
      assert.deepEqual(await stored(scene, id), { count: 1, name: "Zoë" });
    },
  ),
  ...inNative(
    111,
    "a session whose first save has no end is saved under another id, and ends with both",
    async (scene) => {
      const created = await scene.sessions.create();
      created.set("name", "Zoë");
      const write = scene.stage.hold("write");
      const { id } = created;
      void created.save().catch(() => {});
      await write.arrived;
      const saving = created.save();
      await scene.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
      await saving;
      assert.notEqual(created.id, id);
      assert.deepEqual(await stored(scene, created.id), { name: "Zoë" });
      write.release(neverAnswered);
      await scene.clock.advance(0);
      await created.destroy();
      assert.deepEqual([await stored(scene, id), await stored(scene, created.id)], [undefined, undefined]);
    },
  ),
  ...inExpress(111, "a session whose first save has no end is ended twice: with its connection, too", async (scene) => {
    const created = await scene.sessions.create({ id: "an id of somebody else" });
    created.set("name", "Zoë");
    scene.stage.next("write", never);
    void created.save().catch(() => {});
    await scene.clock.advance(LIMIT_MS);
    const ending = scene.sessions.destroy(created.id);
    await scene.clock.advance(NOTICED_MS);
    await ending;
    assert.equal(scene.stage.count("reconnect"), 1);
    assert.equal(scene.stage.count("destroy"), 2);
  }),
  ...inBoth(111, "a session that is moved without an end ends with its copy", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    scene.stage.next("destroy", never);
    void holder.regenerate().catch(() => {});
    await scene.clock.advance(1);
    const ending = holder.destroy();
    await scene.clock.advance(2 * (LIMIT_MS + NOTICED_MS));
    await ending;
    const copies = scene.stage.calls.filter(({ method }) => method === "write").map(({ key }) => key);
    assert.equal(copies.length, 1);
    for (const key of copies) assert.equal(await scene.store.read(key), undefined);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(111, "what waits for an end without an end goes on", async (scene) => {
    const id = await given(scene, { count: 0 });
    scene.stage.next("destroy", never);
    void scene.sessions.destroy(id);
    await scene.clock.advance(1);
    const [update, ending] = [countUp(scene, id), scene.sessions.destroy(id)];
    await scene.clock.advance(LIMIT_MS + NOTICED_MS);
    await Promise.all([update, ending]);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(
    111,
    "closing waits for what has no end as long as others do, and then closes the handler",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      scene.stage.next("read", never);
      void countUp(scene, id);
      await scene.clock.advance(1);
      const closing = [scene.sessions.close(), scene.sessions.close()];
      await scene.clock.advance(LIMIT_MS - 1);
      assert.equal(scene.stage.isClosed, false);
      await scene.clock.advance(1);
      await Promise.all(closing);
      assert.equal(scene.stage.isClosed, true);
    },
  ),
];

async function countUp({ sessions }: Scene, id: string): Promise<void> {
  await sessions.update(id, (draft) => draft.update("count", increment));
}
