import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { opened } from "./scene-laws.ts";
import { createScene, given, stored } from "./stage.ts";
import { subject } from "./subject.ts";

const formats = ["native", "express"] as const;

describe.each(formats)("closing in the %s format", (formatName) => {
  test("waits for what is under way, takes nothing new, and closes the handler then", async () => {
    const scene = createScene(subject, formatName);
    const id = await given(scene, { a: 1 });
    const session = await opened(scene.sessions, id);
    session.set("a", 2);
    const write = scene.stage.hold("write");
    const saving = session.save();
    await write.arrived;
    session.set("a", 3);
    const waiting = session.save();
    const closing = scene.sessions.close();
    await rejects(scene.sessions.open(id), "closed", "not-applied");
    await rejects(
      scene.sessions.update(id, (draft) => draft.set("a", 9)),
      "closed",
      "not-applied",
    );
    await rejects(scene.sessions.destroy(id), "closed", "not-applied");
    for (const act of [
      () => session.save(),
      () => session.refresh(),
      () => session.touch(),
      () => session.regenerate(),
      () => session.destroy(),
      () => session.invalidate(),
    ]) {
      await rejects(act(), "closed", "not-applied");
    }
    expect(scene.stage.isClosed).toBe(false);
    write.release();
    await Promise.all([saving, waiting, closing]);
    expect(scene.stage.isClosed).toBe(true);
    expect(await stored(scene, id)).toEqual({ a: 3 });
  });

  test("waits for what was given up, too", async () => {
    const scene = createScene(subject, formatName);
    const id = await given(scene, { a: 1 });
    await opened(scene.sessions, id);
    const write = scene.stage.hold("write");
    const abort = new AbortController();
    const update = scene.sessions.update(id, (draft) => draft.set("a", 2), { signal: abort.signal });
    await write.arrived;
    abort.abort();
    await rejects(update, "aborted", "unknown");
    const closing = scene.sessions.close();
    await scene.clock.advance(0);
    expect(scene.stage.isClosed).toBe(false);
    write.release();
    await closing;
    await scene.clock.advance(1000); // for so long, the other process remembers what it has seen
    expect(scene.clock.pending).toBe(0);
    expect(await stored(scene, id)).toEqual({ a: 2 });
  });

  test("can be asked for twice, and by `await using`", async () => {
    const scene = createScene(subject, formatName);
    {
      await using sessions = scene.sessions;
      expect(sessions.handler).toBe(scene.stage);
    }
    expect(scene.stage.isClosed).toBe(true);
    await scene.sessions.close();
  });
});
