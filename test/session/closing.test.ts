import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { createFixture, given, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

const formats = ["native", "express"] as const;

describe.each(formats)("closing in the %s format", (formatName) => {
  test("waits for running calls, accepts no new ones, and then closes the handler", async () => {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { a: 1 });
    const session = await opened(fixture.sessions, id);
    session.set("a", 2);
    const write = fixture.handler.hold("write");
    const saving = session.save();
    await write.arrived;
    session.set("a", 3);
    const waiting = session.save();
    const closing = fixture.sessions.close();
    await rejects(fixture.sessions.open(id), "closed", "not-applied");
    await rejects(
      fixture.sessions.update(id, (draft) => draft.set("a", 9)),
      "closed",
      "not-applied",
    );
    await rejects(fixture.sessions.destroy(id), "closed", "not-applied");
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
    expect(fixture.handler.isClosed).toBe(false);
    write.release();
    await Promise.all([saving, waiting, closing]);
    expect(fixture.handler.isClosed).toBe(true);
    expect(await stored(fixture, id)).toEqual({ a: 3 });
  });

  test("waits for cancelled calls, too", async () => {
    const fixture = createFixture(subject, formatName);
    const id = await given(fixture, { a: 1 });
    await opened(fixture.sessions, id);
    const write = fixture.handler.hold("write");
    const abort = new AbortController();
    const update = fixture.sessions.update(id, (draft) => draft.set("a", 2), { signal: abort.signal });
    await write.arrived;
    abort.abort();
    await rejects(update, "aborted", "unknown");
    const closing = fixture.sessions.close();
    await fixture.clock.advance(0);
    expect(fixture.handler.isClosed).toBe(false);
    write.release();
    await closing;
    await fixture.clock.advance(1000); // for so long, the other process remembers what it has seen
    expect(fixture.clock.pending).toBe(0);
    expect(await stored(fixture, id)).toEqual({ a: 2 });
  });

  test("can be requested twice, and by `await using`", async () => {
    const fixture = createFixture(subject, formatName);
    {
      await using sessions = fixture.sessions;
      expect(sessions.handler).toBe(fixture.handler);
    }
    expect(fixture.handler.isClosed).toBe(true);
    await fixture.sessions.close();
  });
});
