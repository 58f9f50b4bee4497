import assert from "node:assert/strict";
import { isSessionError, type Session } from "sessionwire";
import { rejects } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { inBoth, increment, inExpress, inNative, opened, someoneSets, someoneWrites } from "./scene-laws.ts";
import {
  after,
  before,
  createScene,
  createStage,
  given,
  losesReply,
  losesRequest,
  refuses,
  type Scene,
  type SessionSubject,
  stored,
} from "./stage.ts";

/** As many writes as a record keeps tokens. */
const TOKENS_KEPT = 16;

/** What comes out when nobody says what became of a write. */
export const doubtLaws: readonly Law<SessionSubject>[] = [
  ...inNative(91, "what was seen before the doubt does not make another set of it", async (scene) => {
    const id = await given(scene, { shared: 0 });
    const holder = await opened(scene.sessions, id);
    await someoneSets(scene, id, "theirs", 1)();
    holder.set("shared", "ours");
    scene.stage.next("write", (apply) => apply());
    scene.stage.next("write", losesReply(scene));
    scene.stage.next("read", refuses(scene));
    await rejects(holder.save(), "unavailable", "unknown");
    await someoneSets(scene, id, "shared", "later")();
    await holder.save();
    assert.deepEqual(await stored(scene, id), { shared: "later", theirs: 1 });
  }),
  ...inNative(91, "an earlier set is not laid over a later one that is in the record", async (scene) => {
    const id = await given(scene, { mine: 0, list: [] });
    const holder = await opened(scene.sessions, id);
    holder.set("mine", "early");
    scene.stage.next("write", refuses(scene));
    await rejects(holder.save(), "unavailable", "not-applied");
    await someoneSets(scene, id, "theirs", 1)();
    holder.update("list", (list) => [...(list as string[]), "once"]);
    holder.set("mine", "late");
    scene.stage.next("write", (apply) => apply());
    scene.stage.next("write", losesReply(scene));
    scene.stage.next("read", refuses(scene));
    await rejects(holder.save(), "unavailable", "unknown");
    await someoneWrites(scene, id, TOKENS_KEPT - 1); // so many that only the later one's token is left
    await holder.save();
    const found = await stored(scene, id);
    assert.deepEqual(
      { ...found, elsewhere: undefined },
      { mine: "late", theirs: 1, list: ["once"], elsewhere: undefined },
    );
  }),
  ...inNative(
    91,
    "a token that is in the record keeps its place, or one behind it would seem never to have been",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      const unsteady = createStage(scene.store);
      const holder = await opened(scene.process({ handler: unsteady }), id);
      holder.update("count", increment);
      unsteady.next("write", losesReply(scene, "timeout"));
      await rejects(holder.save(), "timeout", "unknown");
      // Somebody counts right behind that token, and looks what has become of it when so much has been written that his would be gone,
      // had the other one been added once more.
      const meanwhile = async () => {
        holder.set("name", "Ann");
        await holder.save();
        await someoneWrites(scene, id, TOKENS_KEPT - 2);
      };
      scene.stage.next("write", before(meanwhile, losesReply(scene)));
      await scene.sessions.update(id, (draft) => draft.update("count", increment));
      assert.equal((await stored(scene, id))?.count, 2);
    },
  ),
  ...inNative(87, "a function is counted once when a reply or a request is lost", async (scene) => {
    for (const lost of [losesReply, losesRequest]) {
      const id = await given(scene, { count: 0 });
      const holder = await opened(scene.sessions, id);
      holder.update("count", increment);
      scene.stage.next("write", lost(scene));
      await holder.save();
      assert.equal(holder.isChanged, false);
      scene.stage.next("write", lost(scene));
      assert.equal(await scene.sessions.update(id, (draft) => countUp(draft)), 2);
      assert.deepEqual(await stored(scene, id), { count: 2 });
      assert.equal(holder.get("count"), 1);
    }
  }),
  ...inNative(
    87,
    "a save without an answer is unknown, keeps the changes, and the next one counts once",
    async (scene) => {
      for (const lost of [losesReply, losesRequest]) {
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        holder.update("count", increment);
        scene.stage.next("write", lost(scene, "timeout"));
        await rejects(holder.save(), "timeout", "unknown");
        assert.equal(holder.isChanged, true);
        assert.equal(holder.get("count"), 1);
        await holder.save();
        assert.equal(holder.isChanged, false);
        assert.deepEqual(await stored(scene, id), { count: 1 });
      }
    },
  ),
  ...inExpress(87, "where nobody can tell, a function is unknown and never counted again", async (scene) => {
    for (const code of ["unavailable", "timeout"] as const) {
      const id = await given(scene, { count: 0 });
      const holder = await opened(scene.sessions, id);
      holder.update("count", increment);
      scene.stage.next("write", losesReply(scene, code));
      await rejects(holder.save(), code, "unknown");
      for (let again = 0; again < 3; again += 1) {
        assert.equal(holder.isChanged, true);
        assert.equal((await rejection(holder.save())).outcome, "unknown");
      }
      await assert.rejects(holder.regenerate());
      assert.deepEqual(await stored(scene, id), { count: 1 });
      holder.discard();
      holder.update("count", increment);
      await holder.save();
      assert.deepEqual(await stored(scene, id), { count: 2 });
    }
  }),
  ...inExpress(87, "an update whose reply was lost is unknown, and made once at most", async (scene) => {
    for (const code of ["unavailable", "timeout"] as const) {
      const id = await given(scene, { count: 0 });
      scene.stage.next("write", losesReply(scene, code));
      const update = scene.sessions.update(id, (draft) => draft.update("count", increment));
      await rejects(update, code, "unknown");
      assert.deepEqual(await stored(scene, id), { count: 1 });
    }
  }),
  ...inExpress(91, "what is stored as it was before may have been written back, and tells nothing", async (scene) => {
    const id = await given(scene, { count: 0 });
    scene.stage.next("write", losesRequest(scene, "unavailable"));
    const update = scene.sessions.update(id, (draft) => draft.update("count", increment));
    await rejects(update, "unavailable", "unknown");
    assert.deepEqual(await stored(scene, id), { count: 0 });
  }),
  ...inNative(87, "whoever saves together with a set in doubt does not settle it", async (scene) => {
    const id = await given(scene, { count: 0 });
    const [doubtful, other] = [await opened(scene.sessions, id), await opened(scene.sessions, id)];
    doubtful.update("count", increment);
    scene.stage.next("write", losesRequest(scene, "timeout"));
    await rejects(doubtful.save(), "timeout", "unknown");
    await someoneWrites(scene, id, TOKENS_KEPT + 4);
    other.set("other", 1);
    const saves = [doubtful.save(), other.save()] as const;
    await rejects(saves[0], "conflict", "unknown");
    await saves[1];
    await rejects(doubtful.save(), "conflict", "unknown");
    assert.equal(doubtful.isChanged, true);
  }),
  ...inNative(
    91,
    "a lost reply is cleared up by the token as long as it is kept; then it stays unknown",
    async (scene) => {
      for (let writes = 0; writes <= 20; writes += 1) {
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        holder.update("count", increment);
        scene.stage.next(
          "write",
          before(() => someoneWrites(scene, id, writes), losesReply(scene)),
        );
        const result = await resultOf(holder.save());
        assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
        assert.equal(holder.isChanged, result === "unknown");
        assert.equal((await stored(scene, id))?.count, 1);
      }
    },
  ),
  ...inNative(
    91,
    "a lost request is made again as long as its absence is certain; then it is unknown",
    async (scene) => {
      for (let writes = 0; writes <= 20; writes += 1) {
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        holder.update("count", increment);
        scene.stage.next(
          "write",
          after(() => someoneWrites(scene, id, writes), losesRequest(scene)),
        );
        const result = await resultOf(holder.save());
        assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
        assert.equal((await stored(scene, id))?.count, result === "stored" ? 1 : 0);
      }
    },
  ),
  ...inNative(91, "a later save, refresh or move clears up what an earlier save has left in doubt", async (scene) => {
    for (const writes of [0, 1, TOKENS_KEPT - 1, TOKENS_KEPT, 20]) {
      for (const lost of [losesReply, losesRequest]) {
        for (const goOn of [saveAgain, refreshAndSave, move]) {
          const id = await given(scene, { count: 0 });
          const holder = await opened(scene.sessions, id);
          holder.update("count", increment);
          scene.stage.next("write", lost(scene, "timeout"));
          await rejects(holder.save(), "timeout", "unknown");
          await someoneWrites(scene, id, writes);
          const result = await resultOf(goOn(holder));
          assert.equal(result, writes < TOKENS_KEPT ? "stored" : "unknown", `after ${writes} other writes`);
          const applied = lost === losesReply || result === "stored" ? 1 : 0;
          assert.equal((await stored(scene, holder.id))?.count, applied);
        }
      }
    }
  }),
  ...inNative(91, "a look that cannot tell any more shows neither more nor less than what is stored", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(holder.save(), "timeout", "unknown");
    await someoneWrites(scene, id, 20);
    await holder.refresh();
    assert.equal(holder.get("count"), 1);
    assert.equal(holder.isChanged, true);
    holder.discard();
    assert.equal(holder.isChanged, false);
    await holder.save();
    assert.equal((await stored(scene, id))?.count, 1);
  }),
  ...inNative(91, "a look finds what was applied, and forgets it", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(holder.save(), "timeout", "unknown");
    await someoneWrites(scene, id, 3);
    await holder.refresh();
    assert.equal(holder.get("count"), 1);
    assert.equal(holder.isChanged, false);
    await someoneWrites(scene, id, 20);
    await holder.save();
    assert.equal((await stored(scene, id))?.count, 1);
  }),
  ...inNative(91, "a token belongs to a set of changes over all attempts, not to an attempt", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    for (const lost of [losesRequest, losesReply, losesRequest]) {
      scene.stage.next(
        "write",
        after(() => someoneWrites(scene, id, 2)),
      );
      scene.stage.next("write", lost(scene, "timeout"));
      await resultOf(holder.save());
      await someoneWrites(scene, id, 2);
    }
    await holder.save();
    assert.equal((await stored(scene, id))?.count, 1);
  }),
  ...inNative(91, "a write that arrives late, after the next attempt was made, is found", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    let arrive = async (): Promise<unknown> => undefined;
    scene.stage.next("write", (apply) => {
      arrive = apply;
      return losesRequest(scene, "timeout")(apply);
    });
    await rejects(holder.save(), "timeout", "unknown");
    scene.stage.next(
      "write",
      after(() => arrive()),
    );
    await holder.save();
    assert.deepEqual(await stored(scene, id), { count: 1 });
    assert.equal(holder.isChanged, false);
  }),
  ...inNative(91, "one that arrives late while it is looked for is found, too", async (scene) => {
    const id = await given(scene, { count: 0 });
    let arrive = async (): Promise<unknown> => undefined;
    scene.stage.next("write", (apply) => {
      arrive = apply;
      return losesRequest(scene)(apply);
    });
    scene.stage.next(
      "write",
      after(() => arrive()),
    );
    const counted = await scene.sessions.update(id, (draft) => countUp(draft));
    assert.equal(counted, 1);
    assert.deepEqual(await stored(scene, id), { count: 1 });
  }),
  ...inNative(91, "that one set was applied says nothing about the next one", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(holder.save(), "timeout", "unknown");
    holder.set("second", true);
    scene.stage.next("write", (apply) => apply()); // on what was seen before: a conflict
    scene.stage.next("write", losesRequest(scene));
    await holder.save();
    assert.deepEqual(await stored(scene, id), { count: 1, second: true });
  }),
  ...inNative(
    91,
    "that an earlier attempt arrives late says nothing about what was saved with it since",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      const holder = await opened(scene.sessions, id);
      holder.update("count", increment);
      let arrive = async (): Promise<unknown> => undefined;
      scene.stage.next("write", (apply) => {
        arrive = apply;
        return losesRequest(scene, "timeout")(apply);
      });
      await rejects(holder.save(), "timeout", "unknown");
      holder.set("second", true);
      scene.stage.next(
        "write",
        after(() => arrive(), losesRequest(scene)),
      );
      await holder.save();
      assert.deepEqual(await stored(scene, id), { count: 1, second: true });
    },
  ),
  ...inNative(91, "what is saved together with a set that was applied is not taken for applied", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(holder.save(), "timeout", "unknown");
    scene.stage.next("write", (apply) => apply());
    scene.stage.next("write", losesRequest(scene));
    const update = scene.sessions.update(id, (draft) => draft.set("together", true));
    await Promise.all([holder.save(), update]);
    assert.deepEqual(await stored(scene, id), { count: 1, together: true });
  }),
  ...inNative(91, "a token is left by none whose changes were not made", async (scene) => {
    const id = await given(scene, { count: 0 });
    const [choosy, other] = [await opened(scene.sessions, id), await opened(scene.sessions, id)];
    choosy.set("choosy", 1);
    choosy.update("count", (count) => {
      if (count === 10) throw new RangeError();
      return increment(count);
    });
    other.set("other", 1);
    scene.stage.next("write", after(someoneSets(scene, id, "count", 10)));
    const saves = [choosy.save(), other.save()] as const;
    await assert.rejects(saves[0], RangeError);
    await saves[1];
    assert.equal(choosy.isChanged, true);
    assert.deepEqual(await stored(scene, id), { count: 10, other: 1 });
    await someoneSets(scene, id, "count", 20)();
    await choosy.save();
    assert.deepEqual(await stored(scene, id), { count: 21, other: 1, choosy: 1 });
  }),
  ...inBoth(91, "setting and deleting may be made again, so that a lost reply does no harm", async (scene) => {
    for (const lost of [losesReply, losesRequest]) {
      const id = await given(scene, { a: 0, deleted: 1 });
      const holder = await opened(scene.sessions, id);
      holder.set("a", 1);
      holder.delete("deleted");
      scene.stage.next("write", lost(scene));
      await holder.save();
      assert.deepEqual(await stored(scene, id), { a: 1 });
      holder.set("a", 2);
      scene.stage.next("write", lost(scene, "timeout"));
      await rejects(holder.save(), "timeout", "unknown");
      await someoneWrites(scene, id, 20);
      await holder.save();
      assert.deepEqual(await stored(scene, id), { a: 2, elsewhere: 20 });
    }
  }),
  ...inExpress(91, "a message in doubt is neither added nor taken again", async (scene) => {
    const id = await given(scene, { a: 0 });
    const holder = await opened(scene.sessions, id);
    holder.flash.add("notice", "hello");
    scene.stage.next("write", losesReply(scene));
    await rejects(holder.save(), "unavailable", "unknown");
    assert.equal((await rejection(holder.save())).outcome, "unknown");
    assert.deepEqual((await opened(scene.others, id)).flash.peek("notice"), ["hello"]);
  }),
  ...inBoth(91, "an unknown outcome is unknown for all who have saved together", async (scene) => {
    const id = await given(scene, { a: 0 });
    await opened(scene.sessions, id);
    scene.stage.next("write", losesReply(scene, "timeout"));
    const updates = ["a", "b", "c"].map((name) => scene.sessions.update(id, (draft) => draft.set(name, 1)));
    for (const update of updates) await rejects(update, "timeout", "unknown");
    assert.deepEqual(await stored(scene, id), { a: 1, b: 1, c: 1 });
  }),
  ...inBoth(91, "where no second look is possible, it stays unknown", async (scene) => {
    const id = await given(scene, { a: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("a", increment);
    scene.stage.next("write", losesReply(scene));
    scene.stage.next("read", async () => {
      throw new scene.subject.SessionError("unavailable", "There is no connection.");
    });
    await rejects(holder.save(), "unavailable", "unknown");
    assert.equal(holder.isChanged, true);
  }),
  ...inBoth(102, "an aborted save rejects at once as unknown, and the next one does not double it", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    const write = scene.stage.hold("write");
    const abort = new AbortController();
    const saving = holder.save({ signal: abort.signal });
    await write.arrived;
    abort.abort();
    await rejects(saving, "aborted", "unknown");
    assert.equal(holder.isChanged, true);
    const again = holder.save();
    write.release();
    await again;
    assert.deepEqual(await stored(scene, id), { count: 1 });
    assert.equal(holder.isChanged, false);
  }),
  ...inNative(102, "one whose write got lost meanwhile is made up for, once", async (scene) => {
    for (const lost of [losesReply, losesRequest]) {
      for (const code of ["unavailable", "timeout"] as const) {
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        holder.update("count", increment);
        const write = scene.stage.hold("write");
        const abort = new AbortController();
        const saving = holder.save({ signal: abort.signal });
        await write.arrived;
        abort.abort();
        await rejects(saving, "aborted", "unknown");
        write.release(lost(scene, code));
        await holder.save();
        assert.deepEqual(await stored(scene, id), { count: 1 });
      }
    }
  }),
  ...inExpress(
    102,
    "one whose write got lost meanwhile stays unknown where it would make a difference",
    async (scene) => {
      const id = await given(scene, { count: 0 });
      const holder = await opened(scene.sessions, id);
      holder.update("count", increment);
      const write = scene.stage.hold("write");
      const abort = new AbortController();
      const saving = holder.save({ signal: abort.signal });
      await write.arrived;
      abort.abort();
      await rejects(saving, "aborted", "unknown");
      write.release(losesReply(scene));
      assert.equal((await rejection(holder.save())).outcome, "unknown");
      assert.deepEqual(await stored(scene, id), { count: 1 });
    },
  ),
  ...inBoth(102, "one that is aborted before it was sent is never sent, and keeps the changes", async (scene) => {
    const id = await given(scene, { count: 0 });
    const holder = await opened(scene.sessions, id);
    holder.update("count", increment);
    await rejects(holder.save({ signal: AbortSignal.abort() }), "aborted", "not-applied");
    const other = await opened(scene.sessions, id);
    other.set("other", 1);
    const write = scene.stage.hold("write");
    const first = other.save();
    await write.arrived;
    const abort = new AbortController();
    const waiting = holder.save({ signal: abort.signal });
    await scene.clock.advance(0);
    abort.abort();
    await rejects(waiting, "aborted", "not-applied");
    write.release();
    await first;
    assert.deepEqual(await stored(scene, id), { count: 0, other: 1 });
    await holder.save();
    assert.deepEqual(await stored(scene, id), { count: 1, other: 1 });
  }),
  ...inBoth(102, "one that is aborted while it has to be made again is not taken for made", async (scene) => {
    const id = await given(scene, { count: 0 });
    const [holder, other] = [await opened(scene.sessions, id), await opened(scene.sessions, id)];
    holder.update("count", increment);
    other.set("other", 1);
    const abort = new AbortController();
    scene.stage.next(
      "write",
      after(async () => {
        await someoneWrites(scene, id, 1);
        abort.abort();
      }),
    );
    const saves = [holder.save({ signal: abort.signal }), other.save()] as const;
    await rejects(saves[0], "aborted", "unknown");
    await saves[1];
    assert.deepEqual(await stored(scene, id), { count: 0, elsewhere: 1, other: 1 });
    await holder.save();
    assert.deepEqual(await stored(scene, id), { count: 1, elsewhere: 1, other: 1 });
  }),
  ...inBoth(102, "what is given up as not applied has no effect later", async ({ subject, formatName }) => {
    for (const method of ["read", "write", "destroy", "touch"] as const) {
      for (const act of [touch, regenerate, destroy, destroyById]) {
        const scene = createScene(subject, formatName, { touchEverySeconds: 0 });
        const id = await given(scene, { count: 0 });
        const holder = await opened(scene.sessions, id);
        const held = scene.stage.hold(method);
        const abort = new AbortController();
        const acting = resultOf(act(holder, scene, abort.signal));
        const isHeld = await Promise.race([held.arrived.then(() => true), acting.then(() => false)]);
        abort.abort();
        held.release();
        const result = await acting;
        await scene.sessions.close();
        assert.equal(result === "stored", !isHeld);
        if (result === "not-applied") assert.deepEqual(await stored(scene, id), { count: 0 });
        if (result === "not-applied") assert.notEqual(act, touch, "A touch that was sent may have been made.");
      }
    }
  }),
];

function countUp(draft: { update(name: string, change: (n: unknown) => unknown): void; get(name: string): unknown }) {
  draft.update("count", increment);
  return draft.get("count");
}

async function saveAgain(holder: Session): Promise<void> {
  await holder.save();
}

async function refreshAndSave(holder: Session): Promise<void> {
  await holder.refresh();
  await holder.save();
}

async function move(holder: Session): Promise<void> {
  await holder.regenerate();
}

async function rejection(promise: Promise<unknown>): Promise<{ code?: string; outcome?: string }> {
  return promise.then(
    () => assert.fail("It resolved."),
    (error: object) => error,
  );
}

/** Stored, or the outcome of a rejection. */
async function resultOf(saving: Promise<void>): Promise<string | undefined> {
  return saving.then(
    () => "stored",
    (error: unknown) => {
      if (isSessionError(error)) return error.outcome;
      throw error;
    },
  );
}

type Act = (holder: Session, scene: Scene, signal: AbortSignal) => Promise<void>;

const touch: Act = (holder, _, signal) => holder.touch({ signal });
const regenerate: Act = (holder, _, signal) => holder.regenerate({ signal });
const destroy: Act = (holder, _, signal) => holder.destroy({ signal });
const destroyById: Act = ({ id }, { sessions }, signal) => sessions.destroy(id, { signal });
