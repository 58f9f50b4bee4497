import { createSessionManager, SessionError, type SessionEvent, type SessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { losesReply, rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { createFixture, given, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

const formats = ["native", "express"] as const;

describe.each(formats)("events in the %s format", (formatName) => {
  function heardFrom(sessions: SessionManager): unknown[] {
    const heard: unknown[] = [];
    sessions.subscribe(({ at, ...event }) => heard.push(event));
    return heard;
  }

  test("tell of creations, moves and ends, with ids and keys", async () => {
    const { sessions, format } = createFixture(subject, formatName);
    const heard = heardFrom(sessions);
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    const first = { id: session.id, key: await format.keyOf(session.id) };
    session.set("a", 2);
    await session.save();
    await sessions.update(session.id, (draft) => draft.set("a", 3));
    await session.regenerate();
    const second = { id: session.id, key: await format.keyOf(session.id) };
    await session.destroy();
    await session.destroy();
    expect(heard).toEqual([
      { type: "created", origin: "here", ...first },
      { type: "regenerated", origin: "here", ...second, previousId: first.id, previousKey: first.key },
      { type: "ended", origin: "here", ...second, reason: "destroyed" },
    ]);
  });

  test("report no creation if a save finds its own earlier creation", async () => {
    const fixture = createFixture(subject, formatName);
    const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
    const heard = heardFrom(fixture.sessions);
    session.set("a", 2);
    fixture.handler.next("write", losesReply("timeout"));
    await rejects(session.save(), "timeout", "unknown");
    await session.save();
    expect(heard).toEqual([]);
  });

  test("tell of ends by id, and of successors", async () => {
    const fixture = createFixture(subject, formatName);
    const heard = heardFrom(fixture.sessions);
    const [id, other] = [await given(fixture, { a: 1 }), await given(fixture, { a: 1 })];
    const successor = fixture.format.createId();
    await fixture.sessions.destroy(id);
    await fixture.sessions.destroy(other, { successor });
    const keys = await Promise.all([id, other, successor].map((each) => fixture.format.keyOf(each)));
    expect(heard).toEqual([
      { type: "ended", origin: "here", id, key: keys[0], reason: "destroyed" },
      { type: "regenerated", origin: "here", id: successor, key: keys[2], previousId: other, previousKey: keys[1] },
    ]);
  });

  test("report once that a session is found to be gone", async () => {
    const fixture = createFixture(subject, formatName);
    const heard = heardFrom(fixture.sessions);
    const id = await given(fixture, { a: 1 });
    const session = await opened(fixture.sessions, id);
    await fixture.others.destroy(id);
    session.set("a", 2);
    const event = { type: "ended", origin: "here", id, key: await fixture.format.keyOf(id), reason: "gone" };
    await rejects(session.save(), "gone", "not-applied");
    expect(heard).toEqual([event]);
    await rejects(session.save(), "gone", "not-applied");
    await rejects(session.refresh(), "gone", "any");
    expect(heard).toEqual([event]);
    await rejects(
      fixture.sessions.update(id, (draft) => draft.set("a", 2)),
      "gone",
      "not-applied",
    );
    expect(heard).toEqual([event, event]);
  });

  test("report no failed operation", async () => {
    const fixture = createFixture(subject, formatName);
    const heard = heardFrom(fixture.sessions);
    const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
    const fail = async () => {
      throw new SessionError("unavailable", "No.", { outcome: "not-applied" });
    };
    for (const [failing, act] of [
      ["write", () => session.save()],
      ["write", () => session.regenerate()],
      ["destroy", () => session.destroy()],
    ] as const) {
      session.set("a", 2);
      fixture.handler.next(failing, fail);
      await rejects(act(), "unavailable", "not-applied");
    }
    expect(heard).toEqual([]);
  });

  test("report no end for an update that only speaks of one", async () => {
    const fixture = createFixture(subject, formatName);
    const heard = heardFrom(fixture.sessions);
    const id = await given(fixture, { a: 1 });
    const mine = new SessionError("gone", "Of something else.");
    const update = fixture.sessions.update(id, () => {
      throw mine;
    });
    await expect(update).rejects.toBe(mine);
    expect(await stored(fixture, id)).toEqual({ a: 1 });
    expect(heard).toEqual([]);
  });

  test("reach all listeners, whatever they throw, until they unsubscribe", async () => {
    const { sessions } = createFixture(subject, formatName);
    const heard: string[] = [];
    const listen = () => heard.push("twice");
    sessions.subscribe(() => {
      throw new Error("mine");
    });
    const unsubscribe = sessions.subscribe(() => {
      heard.push("once");
      unsubscribe();
    });
    const unsubscribeOne = sessions.subscribe(listen);
    sessions.subscribe(listen);
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    expect(heard).toEqual(["once", "twice", "twice"]);
    unsubscribeOne();
    unsubscribeOne();
    await session.destroy();
    expect(heard).toEqual(["once", "twice", "twice", "twice"]);
    expect(() => sessions.subscribe(undefined as never)).toThrow(TypeError);
  });
});

test("an update by an id in its grace period reports no end: the session lives on", async () => {
  const fixture = createFixture(subject, "native");
  const session = await opened(fixture.others, await given(fixture, { a: 1 }));
  const { id } = session;
  await session.regenerate({ graceSeconds: 30 });
  const heard: SessionEvent[] = [];
  fixture.sessions.subscribe((event) => heard.push(event));
  await rejects(
    fixture.sessions.update(id, (draft) => draft.set("a", 2)),
    "gone",
    "not-applied",
  );
  expect(await stored(fixture, session.id)).toEqual({ a: 1 });
  expect(heard).toEqual([]);
});

test("a session moved by another process is gone to its holder, and has not ended", async () => {
  const handler = createMemoryHandler();
  const [here, elsewhere] = [createSessionManager({ handler }), createSessionManager({ handler })];
  const events: SessionEvent[] = [];
  here.subscribe((event) => events.push(event));
  const created = await elsewhere.create();
  created.set("a", 1);
  await created.save();
  for (const use of ["refresh", "save"] as const) {
    const held = await here.open(created.id);
    held?.set("a", 2);
    await created.regenerate({ graceSeconds: 10 });
    await expect(held?.[use]()).rejects.toMatchObject({ code: "gone" });
    await created.refresh();
  }
  expect(events.filter(({ type }) => type === "ended")).toEqual([]);
  await here.close();
});
