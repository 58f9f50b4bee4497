import assert from "node:assert/strict";
import type { SessionManager } from "sessionwire";
import type { Law } from "../laws/law.ts";
import { inBoth, inExpress, inNative, opened, someoneSets } from "./scene-laws.ts";
import { after, given, losesReply, losesRequest, refuses, type Scene, type SessionSubject, stored } from "./stage.ts";

/** Messages that are shown once. */
export const flashLaws: readonly Law<SessionSubject>[] = [
  ...inBoth(95, "a message goes only when it is taken", async (scene) => {
    const id = await givenFlashes(scene, ["one", "two"]);
    const holder = await opened(scene.sessions, id);
    assert.deepEqual(holder.flash.types(), ["notice"]);
    assert.deepEqual(holder.flash.peek("notice"), ["one", "two"]);
    holder.set("a", 1);
    await holder.save();
    await scene.sessions.update(id, (draft) => draft.set("b", draft.flash.peek("notice").length));
    await holder.refresh();
    await holder.touch();
    await holder.regenerate();
    assert.deepEqual(await waiting(scene.others, holder.id), ["one", "two"]);
    assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
    assert.deepEqual(holder.flash.take("notice"), []);
    assert.deepEqual(holder.flash.types(), []);
    assert.deepEqual(await waiting(scene.others, holder.id), ["one", "two"]);
    await holder.save();
    assert.deepEqual(await waiting(scene.others, holder.id), []);
  }),
  ...inBoth(95, "taking removes just what was seen, and nothing that came later", async (scene) => {
    const id = await givenFlashes(scene, ["one", "two"]);
    const holder = await opened(scene.sessions, id);
    assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
    await scene.others.update(id, (draft) => {
      draft.flash.add("notice", "three");
      draft.flash.add("other", "four");
    });
    await holder.save();
    const session = await opened(scene.others, id);
    assert.deepEqual(session.flash.peek("notice"), ["three"]);
    assert.deepEqual(session.flash.peek("other"), ["four"]);
  }),
  ...inNative(95, "an equal message that came later is another one", async (scene) => {
    const id = await givenFlashes(scene, ["same"]);
    const holder = await opened(scene.sessions, id);
    holder.flash.take("notice");
    await scene.others.update(id, (draft) => {
      draft.flash.take("notice");
      draft.flash.add("notice", "same");
    });
    await holder.save();
    assert.deepEqual(await waiting(scene.others, id), ["same"]);
  }),
  ...inExpress(95, "of equal messages, as many are taken as were seen", async (scene) => {
    const id = await givenFlashes(scene, ["same", "same"]);
    const holder = await opened(scene.sessions, id);
    assert.deepEqual(holder.flash.take("notice"), ["same", "same"]);
    await scene.others.update(id, (draft) => draft.flash.add("notice", "same"));
    await holder.save();
    assert.deepEqual(await waiting(scene.others, id), ["same"]);
  }),
  ...inBoth(95, "messages that are added at the same time all wait, in order", async (scene) => {
    const id = await givenFlashes(scene, ["one"]);
    const [holder, other] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    holder.flash.add("notice", "three");
    other.flash.add("notice", "two");
    await other.save();
    assert.deepEqual(holder.flash.peek("notice"), ["one", "three"]);
    await holder.save();
    assert.deepEqual(await waiting(scene.others, id), ["one", "two", "three"]);
  }),
  ...inBoth(
    95,
    "neither a conflict, a failed save nor a second save loses a message or brings it back",
    async (scene) => {
      const id = await givenFlashes(scene, ["one"]);
      const holder = await opened(scene.sessions, id);
      holder.flash.add("notice", "two");
      scene.stage.next("write", refuses(scene));
      await assert.rejects(holder.save());
      assert.deepEqual(holder.flash.peek("notice"), ["one", "two"]);
      scene.stage.next("write", after(someoneSets(scene, id, "a", 1)));
      await holder.save();
      await holder.save();
      assert.deepEqual(await waiting(scene.others, id), ["one", "two"]);
      assert.deepEqual(holder.flash.take("notice"), ["one", "two"]);
      scene.stage.next("write", after(someoneSets(scene, id, "a", 2)));
      await holder.save();
      await holder.save();
      assert.deepEqual(await waiting(scene.others, id), []);
    },
  ),
  ...inBoth(95, "two that take at the same time may both have a message, and it is gone then", async (scene) => {
    const id = await givenFlashes(scene, ["one"]);
    const [holder, other] = [await opened(scene.sessions, id), await opened(scene.others, id)];
    assert.deepEqual(holder.flash.take("notice"), ["one"]);
    assert.deepEqual(other.flash.take("notice"), ["one"]);
    await Promise.all([holder.save(), other.save()]);
    assert.deepEqual(await waiting(scene.others, id), []);
  }),
  ...inBoth(95, "within one process, of updates at the same time one takes a message", async (scene) => {
    const id = await givenFlashes(scene, ["one"]);
    const take = () => scene.sessions.update(id, (draft) => draft.flash.take("notice").length);
    assert.deepEqual((await Promise.all([take(), take(), take()])).sort(), [0, 0, 1]);
    assert.deepEqual(await waiting(scene.others, id), []);
  }),
  ...inNative(95, "a lost reply adds no message twice, and takes none that came later", async (scene) => {
    for (const lost of [losesReply, losesRequest]) {
      const id = await givenFlashes(scene, ["one"]);
      const holder = await opened(scene.sessions, id);
      holder.flash.add("notice", "two");
      scene.stage.next("write", lost(scene));
      await holder.save();
      assert.deepEqual(await waiting(scene.others, id), ["one", "two"]);
    }
  }),
  ...inBoth(95, "a message that was taken and not saved is still there after discard", async (scene) => {
    const id = await givenFlashes(scene, ["one"]);
    const holder = await opened(scene.sessions, id);
    holder.flash.take("notice");
    holder.discard();
    assert.deepEqual(holder.flash.peek("notice"), ["one"]);
    await holder.save();
    assert.deepEqual(await waiting(scene.others, id), ["one"]);
  }),
  ...inExpress(
    95,
    "messages are where connect-flash looks for them, and a request takes what it saw",
    async (scene) => {
      const id = await givenFlashes(scene, ["one"]);
      const store = scene.subject.createExpressStore(scene.sessions);
      const data = (await store.get(id)) as unknown as { flash: Record<string, unknown[]> };
      assert.deepEqual(data.flash, { notice: ["one"] });
      data.flash = {};
      await scene.others.update(id, (draft) => draft.flash.add("notice", "two"));
      await store.set(id, data as never);
      assert.deepEqual(await waiting(scene.others, id), ["two"]);
      assert.deepEqual(await stored(scene, id), { kept: 1 });
    },
  ),
  ...inExpress(95, "what connect-flash adds at the same time as somebody else waits as well", async (scene) => {
    const id = await givenFlashes(scene, ["one"]);
    const store = scene.subject.createExpressStore(scene.sessions);
    const data = (await store.get(id)) as unknown as { flash: Record<string, unknown[]> };
    data.flash.notice?.push("three");
    await scene.others.update(id, (draft) => draft.flash.add("notice", "two"));
    await store.set(id, data as never);
    assert.deepEqual(await waiting(scene.others, id), ["one", "two", "three"]);
  }),
];

async function givenFlashes(scene: Scene, messages: readonly string[]): Promise<string> {
  const id = await given(scene, { kept: 1 });
  await scene.others.update(id, (draft) => {
    for (const message of messages) draft.flash.add("notice", message);
  });
  return id;
}

async function waiting(sessions: SessionManager, id: string): Promise<readonly unknown[]> {
  return (await opened(sessions, id)).flash.peek("notice");
}
