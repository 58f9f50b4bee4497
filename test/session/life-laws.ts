import assert from "node:assert/strict";
import type { Session } from "sessionwire";
import { rejects } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";
import { handedOut, inBoth, increment, inExpress, inNative, opened } from "./scene-laws.ts";
import {
  after,
  before,
  given,
  losesReply,
  losesRequest,
  refuses,
  type Scene,
  type SessionSubject,
  stored,
} from "./stage.ts";

const TWO_DAYS_MS = 2 * 86_400_000;

/** Nothing brings an ended session back, and nothing makes one out of a failure. */
export const lifeLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(
    92,
    "what has been destroyed elsewhere is gone, whatever is done with it",
    async (scene) => {
      for (const act of acts) {
        const id = await given(scene, { a: 1 });
        const holder = await opened(scene.sessions, id);
        holder.set("a", 2);
        await scene.others.destroy(id);
        await rejects(act(holder, scene), "gone", "not-applied");
        assert.equal(await stored(scene, id), undefined);
        assert.equal(await scene.sessions.open(id), undefined);
        assert.deepEqual(await scene.sessions.open(holder.id), undefined);
      }
    },
    { touchEverySeconds: 0 },
  ),
  ...inBoth(92, "a holder that knows of it says so, and goes on saying gone", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    holder.set("a", 2);
    await scene.others.destroy(id);
    await rejects(holder.save(), "gone", "not-applied");
    assert.ok(holder.hasEnded && !holder.isNew);
    const asked = scene.stage.calls.length;
    for (const act of acts.filter((act) => act !== update)) await rejects(act(holder, scene), "gone", "not-applied");
    assert.equal(scene.stage.calls.length, asked);
    await holder.destroy();
  }),
  ...inBoth(92, "what has expired is gone, whatever is done with it", async (scene) => {
    for (const act of acts) {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      holder.set("a", 2);
      await scene.clock.advance(TWO_DAYS_MS);
      await rejects(act(holder, scene), "gone", "not-applied");
      assert.equal(await stored(scene, id), undefined);
    }
  }),
  ...inNative(
    92,
    "what has had its lifetime is gone, whatever is done with it",
    async (scene) => {
      for (const act of acts) {
        const id = await given(scene, { a: 1 });
        const holder = await opened(scene.sessions, id);
        holder.set("a", 2);
        await scene.clock.advance(100_000);
        await rejects(act(holder, scene), "gone", "not-applied");
        assert.equal(await stored(scene, id), undefined);
      }
    },
    { lifetimeSeconds: 100 },
  ),
  ...inBoth(92, "a save that was under way when the session was destroyed creates nothing", async (scene) => {
    for (const lost of [undefined, losesRequest(scene)]) {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      holder.set("a", 2);
      scene.stage.next(
        "write",
        after(() => scene.others.destroy(id), lost),
      );
      await rejects(holder.save(), "gone", lost ? "any" : "not-applied");
      assert.equal(await stored(scene, id), undefined);
    }
  }),
  ...inBoth(92, "an update that was under way when the session was destroyed creates nothing", async (scene) => {
    for (const method of ["read", "write"] as const) {
      const id = await given(scene, { a: 1 });
      scene.stage.next(
        method,
        after(() => scene.others.destroy(id)),
      );
      await rejects(
        scene.sessions.update(id, (draft) => draft.set("a", 2)),
        "gone",
        "not-applied",
      );
      assert.equal(await stored(scene, id), undefined);
    }
    await rejects(
      scene.sessions.update(scene.format().createId(), (draft) => draft.set("a", 1)),
      "gone",
      "not-applied",
    );
  }),
  ...inBoth(92, "a save is not brought back after it was destroyed in the same process", async (scene) => {
    const id = await given(scene, { a: 1 });
    const [holder, other] = [await opened(scene.sessions, id), await opened(scene.sessions, id)];
    holder.set("a", 2);
    await Promise.all([other.destroy(), rejects(holder.save(), "gone", "not-applied")]);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(92, "a new session that was saved and destroyed elsewhere is not new again", async (scene) => {
    const session = await scene.sessions.create();
    session.set("a", 1);
    await session.save();
    await scene.others.destroy(session.id);
    session.set("a", 2);
    await rejects(session.save(), "gone", "not-applied");
    assert.equal(await stored(scene, session.id), undefined);
  }),
  ...inNative(92, "a creation without an answer gives its id up, and is ended with the session", async (scene) => {
    for (const [code, lost] of [
      ["timeout", losesReply],
      ["unavailable", losesRequest],
    ] as const) {
      const session = await scene.sessions.create();
      session.update("count", increment);
      const burnt = session.id;
      scene.stage.next("write", lost(scene, code));
      await rejects(session.save(), code, "unknown");
      assert.notEqual(session.id, burnt);
      assert.ok(session.isNew);
      await session.save();
      assert.deepEqual(await stored(scene, session.id), { count: 1 });
      await session.destroy();
      assert.equal(await stored(scene, session.id), undefined);
      assert.equal(await stored(scene, burnt), undefined);
    }
  }),
  ...inBoth(92, "ending what may still be created ends it once more on a fresh connection", async (scene) => {
    const session = await scene.sessions.create();
    session.set("a", 1);
    const { id } = session;
    let arrive = async (): Promise<unknown> => undefined;
    scene.stage.next("write", (apply) => {
      arrive = apply;
      return losesRequest(scene, "timeout")(apply);
    });
    await rejects(session.save(), "timeout", "unknown");
    scene.stage.next(
      "reconnect",
      after(() => arrive()),
    ); // what was on its way arrives before the connection is gone
    await session.destroy();
    assert.equal(scene.stage.count("reconnect"), 1);
    assert.equal(await stored(scene, id), undefined);
  }),
  ...inBoth(92, "what was ended in part is not called as it was, when the rest is refused", async (scene) => {
    const session = await scene.sessions.create();
    session.set("a", 1);
    const { id } = session;
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(session.save(), "timeout", "unknown");
    scene.stage.next("destroy", (apply) => apply());
    scene.stage.next("destroy", refuses(scene)); // once more, on a fresh connection
    await rejects(session.destroy(), "unavailable", "unknown");
    assert.equal(await stored(scene, id), undefined);
    await session.destroy();
  }),
  ...inNative(92, "where one key leads to another, or a session may have two, that holds as well", async (scene) => {
    const moved = await opened(scene.sessions, await given(scene, { a: 1 }));
    const oldId = moved.id;
    await moved.regenerate({ graceSeconds: 10 });
    scene.stage.next("destroy", (apply) => apply());
    scene.stage.next("destroy", refuses(scene));
    await rejects(scene.sessions.destroy(oldId), "unavailable", "unknown");
    assert.equal(await stored(scene, moved.id), undefined);

    const created = await scene.sessions.create();
    created.set("a", 1);
    const givenUp = created.id;
    scene.stage.next("write", losesReply(scene, "timeout"));
    await rejects(created.save(), "timeout", "unknown");
    await created.save();
    scene.stage.next("destroy", (apply) => apply(), 2);
    scene.stage.next("destroy", refuses(scene));
    await rejects(created.destroy(), "unavailable", "unknown");
    assert.equal(await stored(scene, givenUp), undefined);
  }),
  ...inExpress(92, "a creation that was made, lost its reply and was destroyed is not made again", async (scene) => {
    const session = await scene.sessions.create({ id: "chosen" });
    session.set("a", 1);
    scene.stage.next(
      "write",
      before(() => scene.others.destroy("chosen"), losesReply(scene)),
    );
    await session.save().catch(() => {});
    assert.equal(await stored(scene, "chosen"), undefined);
  }),
  ...inExpress(92, "a request that saves what a sign-out has ended stores nothing", async (scene) => {
    for (const onGone of ["ignore", "error"] as const) {
      const id = await given(scene, { a: 1 });
      const store = scene.subject.createExpressStore(scene.sessions, { onGone });
      const data = await handedOut(store, id);
      Object.assign(data, { a: 2 });
      await scene.others.destroy(id);
      if (onGone === "error") await rejects(store.set(id, data), "gone", "not-applied");
      else await store.set(id, data);
      assert.equal(await stored(scene, id), undefined);
      if (onGone === "error") await rejects(store.touch(id, data), "gone", "not-applied");
      else await store.touch(id, data);
      assert.equal(await stored(scene, id), undefined);
    }
  }),
  ...inBoth(94, "a read that fails is an error, and never a session that is empty or absent", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    for (const code of ["unavailable", "timeout", "overloaded", "unauthorized"] as const) {
      const fail = async () => {
        throw new scene.subject.SessionError(code, "It cannot be read.");
      };
      scene.stage.next("read", fail, 4);
      await rejects(scene.sessions.open(id), code, "any");
      await rejects(scene.sessions.open(id, { keepAlive: false }), code, "any");
      await rejects(
        scene.sessions.update(id, (draft) => draft.set("a", 2)),
        code,
        "not-applied",
      );
      await rejects(holder.refresh(), code, "any");
      assert.ok(!holder.hasEnded && !holder.isNew);
    }
    assert.equal(scene.stage.count("write"), 0);
    assert.deepEqual(await stored(scene, id), { a: 1 });
    assert.equal(holder.get("a"), 1);
  }),
  ...inBoth(94, "what cannot be read is corrupt, and is left as it is", async (scene) => {
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    holder.set("a", 2);
    const key = await scene.format().keyOf(id);
    await scene.store.destroy(key);
    await scene.store.write(key, new TextEncoder().encode("{}"), { replaces: undefined, ttlSeconds: 60 });
    const before = await scene.store.read(key);
    await rejects(scene.sessions.open(id), "corrupt", "any");
    await rejects(
      scene.sessions.update(id, (draft) => draft.set("a", 2)),
      "corrupt",
      "not-applied",
    );
    await rejects(holder.save(), "corrupt", "not-applied");
    await rejects(holder.refresh(), "corrupt", "any");
    assert.equal(holder.isChanged, true);
    assert.deepEqual(await scene.store.read(key), before);
  }),
  ...inBoth(
    94,
    "a touch that fails is no end of the session",
    async (scene) => {
      const id = await given(scene, { a: 1 });
      const holder = await opened(scene.sessions, id);
      // Where the record says how long it lives, it is read again to be touched.
      scene.stage.next(scene.formatName === "express" ? "read" : "touch", losesRequest(scene), 2);
      await rejects(holder.touch(), "unavailable", "unknown");
      assert.equal(holder.hasEnded, false);
      await holder.touch().catch(() => {});
      assert.deepEqual(await stored(scene, id), { a: 1 });
    },
    { touchEverySeconds: 0 },
  ),
  ...inExpress(94, "express-session gets the error, and no session", async (scene) => {
    const id = await given(scene, { a: 1 });
    const store = scene.subject.createExpressStore(scene.sessions);
    const fail = async () => {
      throw new scene.subject.SessionError("unavailable", "It cannot be read.");
    };
    scene.stage.next("read", fail, 2);
    await rejects(store.get(id), "unavailable", "any");
    const told = await new Promise<unknown[]>((resolve) => store.get(id, (...args) => resolve(args)));
    assert.equal((told[0] as { code: string }).code, "unavailable");
    assert.equal(told[1], undefined);
  }),
];

type Act = (holder: Session, scene: Scene) => Promise<unknown>;

const update: Act = (holder, { sessions }) => sessions.update(holder.id, (draft) => draft.set("a", 3));

const acts: readonly Act[] = [
  (holder) => holder.save(),
  (holder) => holder.refresh(),
  (holder) => holder.touch(),
  (holder) => holder.regenerate(),
  update,
];
