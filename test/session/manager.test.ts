import { createHash } from "node:crypto";
import { createSessionManager, expressFormat, nativeFormat, type SessionEvent, type SessionManager } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { text } from "../laws/law.ts";
import { opened } from "./scene-laws.ts";
import { createScene, given, type Scene, stored } from "./stage.ts";
import { subject } from "./subject.ts";

const formats = ["native", "express"] as const;

/** What a query parser, a header or an attacker can make of an id. */
const oddIds: readonly unknown[] = [
  undefined,
  null,
  0,
  1n,
  true,
  Number.NaN,
  "",
  [],
  ["a"],
  {},
  { toString: () => "a".repeat(43) },
  Symbol("s"),
  () => "a",
  "\ud800",
  "x".repeat(1025),
  "x".repeat(1_000_000),
];

/** What is an id of express-session, perhaps, but none of ours. */
const foreignIds: readonly string[] = [
  "a",
  "a".repeat(42),
  "a".repeat(44),
  `${"a".repeat(42)}=`,
  `${"a".repeat(42)}+`,
  `${"a".repeat(42)}\n`,
  `${"a".repeat(43)}\n`,
  `\n${"a".repeat(43)}`,
  "../../../etc/passwd",
  "session:abc",
  "__proto__",
  "*",
  "ä".repeat(43),
];

describe.each(formats)("ids in the %s format", (formatName) => {
  test("are 43 characters of base64url, and all different", async () => {
    const { sessions } = createScene(subject, formatName);
    const ids = await Promise.all(Array.from({ length: 1000 }, async () => (await sessions.create()).id));
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(ids).size).toBe(1000);
    expect(new Set(ids.join("")).size).toBe(64);
  });

  test("that cannot be ones are no sessions, and never reach the handler", async () => {
    const { sessions, stage } = createScene(subject, formatName);
    for (const id of [...oddIds, ...(formatName === "native" ? foreignIds : [])] as string[]) {
      expect(await sessions.open(id)).toBeUndefined();
      expect(await sessions.open(id, { keepAlive: false })).toBeUndefined();
      await rejects(
        sessions.update(id, (draft) => draft.set("a", 1)),
        "gone",
        "not-applied",
      );
      await sessions.destroy(id);
    }
    expect(stage.calls).toEqual([]);
  });

  test("of no session are gone, or undefined, or ended already", async () => {
    const { sessions, format } = createScene(subject, formatName);
    const id = format().createId();
    expect(await sessions.open(id)).toBeUndefined();
    await rejects(
      sessions.update(id, (draft) => draft.set("a", 1)),
      "gone",
      "not-applied",
    );
    await sessions.destroy(id);
    await sessions.destroy(id);
  });
});

test("the native key is `session:` and the SHA-256 of the id", async () => {
  const scene = createScene(subject, "native");
  const id = await given(scene, { a: 1 });
  await scene.sessions.open(id);
  const key = `session:${createHash("sha256").update(id).digest("base64url")}`;
  expect(scene.stage.calls.map((call) => call.key)).toEqual([key]);
});

test("no native id ever reaches the handler, in a key or in data", async () => {
  const scene = createScene(subject, "native", { touchEverySeconds: 0 });
  const told: string[] = [];
  const { store } = scene;
  const sessions = scene.process({
    handler: {
      ...store,
      async read(key, options) {
        told.push(key);
        return store.read(key, options);
      },
      async write(key, data, options) {
        told.push(key, text(data) ?? "");
        return store.write(key, data, options);
      },
      async touch(key, ttlSeconds, options) {
        told.push(key);
        return store.touch(key, ttlSeconds, options);
      },
      async destroy(key, options) {
        told.push(key);
        return store.destroy(key, options);
      },
    },
  });
  const ids = new Set<string>();
  const session = await sessions.create();
  for (const act of [
    () => session.set("a", 1),
    () => session.save(),
    () => session.touch(),
    () => session.refresh(),
    () => sessions.open(session.id),
    () => sessions.update(session.id, (draft) => draft.set("a", 2)),
    () => session.regenerate({ graceSeconds: 30 }),
    () => session.regenerate(),
    () => session.invalidate(),
    () => session.set("a", 3),
    () => session.save(),
    () => sessions.destroy(session.id),
  ]) {
    ids.add(session.id);
    await act();
  }
  expect(ids.size).toBe(4);
  expect(told.length).toBeGreaterThan(15);
  for (const id of ids) expect(told.filter((what) => what.includes(id))).toEqual([]);
});

test("the express key is the prefix and the id, as connect-redis has it", async () => {
  const { stage, process } = createScene(subject, "express");
  const sessions = process({ handler: stage });
  await sessions.open("abc");
  await process({ handler: stage, format: expressFormat({ prefix: "" }) }).open("abc");
  expect(stage.calls.map(({ key }) => key)).toEqual(["sess:abc", "abc"]);
  await expect(sessions.create({ id: "\ud800" })).rejects.toMatchObject({ code: "invalid_id" });
  await expect(sessions.create({ id: 1 as never })).rejects.toMatchObject({ code: "invalid_id" });
});

describe.each(formats)("a new session in the %s format", (formatName) => {
  test("is stored when something has been set and saved, and not before", async () => {
    const scene = createScene(subject, formatName);
    const session = await scene.sessions.create();
    expect(session.isNew && !session.isChanged && !session.hasEnded).toBe(true);
    await session.save();
    await session.touch();
    await session.refresh();
    await session.destroy();
    expect(scene.stage.calls).toEqual([]);
    const other = await scene.sessions.create();
    other.set("a", 1);
    expect(scene.stage.calls).toEqual([]);
    await other.save();
    expect(other.isNew).toBe(false);
    expect(await stored(scene, other.id)).toEqual({ a: 1 });
  });
});

describe("the time to live in the native format", () => {
  const limits = { idleTimeoutSeconds: 100, lifetimeSeconds: 250 };

  test("is the smaller of the idle timeout and the rest of the lifetime", async () => {
    const scene = createScene(subject, "native", limits);
    const session = await scene.sessions.create();
    session.set("a", 1);
    await session.save();
    expect(scene.stage.calls.at(-1)).toMatchObject({ method: "write", ttlSeconds: 100 });
    for (const [afterSeconds, left] of [
      [99, 100],
      [52, 99],
      [98.5, 1],
    ] as const) {
      await scene.clock.advance(afterSeconds * 1000);
      session.set("a", afterSeconds);
      await session.save();
      expect(scene.stage.calls.at(-1)).toMatchObject({ method: "write", ttlSeconds: left });
    }
    await scene.clock.advance(499);
    expect(await stored(scene, session.id)).toBeDefined();
    await scene.clock.advance(1);
    expect(await stored(scene, session.id)).toBeUndefined();
  });

  test("restarts with each opening, in the round trip of the read", async () => {
    const scene = createScene(subject, "native", { idleTimeoutSeconds: 100 });
    const id = await given(scene, { a: 1 });
    for (let time = 0; time < 5; time += 1) {
      await scene.clock.advance(99_000);
      await opened(scene.sessions, id);
    }
    expect(scene.stage.calls.map(({ method, ttlSeconds }) => [method, ttlSeconds])).toEqual(
      Array(5).fill(["read", 100]),
    );
    await scene.clock.advance(99_000);
    expect(await scene.sessions.open(id, { keepAlive: false })).toBeDefined();
    await scene.clock.advance(1000);
    expect(await scene.sessions.open(id)).toBeUndefined();
  });

  test("is never prolonged beyond the lifetime, however much the session is used", async () => {
    const scene = createScene(subject, "native", limits);
    const id = await given(scene, { a: 1 });
    const holder = await opened(scene.sessions, id);
    for (let second = 0; second < 249; second += 3) {
      await scene.clock.advance(3000);
      await opened(scene.sessions, id);
      await holder.touch();
      await holder.refresh();
      await scene.sessions.update(id, (draft) => draft.set("a", second));
    }
    await scene.clock.advance(999);
    expect(await scene.sessions.open(id)).toBeDefined();
    await scene.clock.advance(1);
    expect(await scene.sessions.open(id)).toBeUndefined();
    await rejects(holder.touch(), "gone", "any");
  });

  test("is that of the format where none is given: 30 minutes and 12 hours", async () => {
    const scene = createScene(subject, "native");
    const [idle, used] = [await given(scene, { a: 1 }), await given(scene, { a: 1 })];
    await scene.clock.advance(1_799_000);
    await opened(scene.sessions, used);
    expect(await stored(scene, idle)).toBeDefined();
    await scene.clock.advance(1000);
    expect(await stored(scene, idle)).toBeUndefined();
    for (let minutes = 30; minutes < 719; minutes += 1) {
      await scene.clock.advance(60_000);
      await opened(scene.sessions, used);
    }
    await scene.clock.advance(59_000);
    await opened(scene.sessions, used);
    await scene.clock.advance(1000);
    expect(await scene.sessions.open(used)).toBeUndefined();
  });

  test("ends by the record itself, which is then removed from a store that has kept it", async () => {
    const scene = createScene(subject, "native", limits);
    const id = await given(scene, { a: 1 });
    const key = await scene.format().keyOf(id);
    const { data, version } = (await scene.store.read(key)) ?? expect.fail("It is not there.");
    await scene.store.write(key, data, { replaces: version, ttlSeconds: 100_000 });
    await scene.clock.advance(249_999);
    expect(await scene.sessions.open(id, { keepAlive: false })).toBeDefined();
    await scene.clock.advance(1);
    expect(await scene.sessions.open(id, { keepAlive: false })).toBeUndefined();
    expect(await scene.store.read(key)).toBeUndefined();
  });

  test("is put right when a read has given more than the lifetime leaves, so that a store forgets in time", async () => {
    const scene = createScene(subject, "native", limits);
    const id = await given(scene, { a: 1 });
    await scene.clock.advance(90_000);
    await opened(scene.sessions, id);
    await scene.clock.advance(90_000);
    await opened(scene.sessions, id);
    expect(scene.stage.calls.map(({ method, ttlSeconds }) => [method, ttlSeconds])).toEqual([
      ["read", 100],
      ["read", 100],
      ["touch", 70],
    ]);
    await scene.clock.advance(70_000);
    expect(await scene.store.read(await scene.format().keyOf(id))).toBeUndefined();
  });

  test("without a lifetime is the idle timeout alone", async () => {
    const scene = createScene(subject, "native", { idleTimeoutSeconds: 100, lifetimeSeconds: Infinity });
    const id = await given(scene, { a: 1 });
    for (let time = 0; time < 1000; time += 1) {
      await scene.clock.advance(99_000);
      await opened(scene.sessions, id);
    }
  });
});

describe("the time to live in the express format", () => {
  async function withCookie(scene: Scene, cookie: object): Promise<string> {
    const session = await scene.others.create();
    session.metadata.set("cookie", { originalMaxAge: null, expires: null, path: "/", ...cookie });
    session.set("a", 1);
    await session.save();
    return session.id;
  }

  test("is the cookie's maximal age, or else the idle timeout", async () => {
    const scene = createScene(subject, "express", { idleTimeoutSeconds: 50, touchEverySeconds: 0 });
    const ends: [object, number][] = [
      [{ originalMaxAge: 10_000 }, 10],
      [{ originalMaxAge: 9_500 }, 10],
      [{ originalMaxAge: 100_000 }, 100],
      [{ originalMaxAge: null }, 50],
      [{ originalMaxAge: undefined }, 50],
      [{ originalMaxAge: null, expires: "1999-01-01T00:00:00.000Z" }, 50],
    ];
    for (const [cookie, seconds] of ends) {
      const id = await withCookie(scene, JSON.parse(JSON.stringify(cookie)));
      await scene.clock.advance((seconds - 1) * 1000);
      await opened(scene.sessions, id);
      await scene.clock.advance((seconds - 1) * 1000);
      expect(await scene.sessions.open(id, { keepAlive: false })).toBeDefined();
      await scene.clock.advance(1000);
      expect(await scene.sessions.open(id)).toBeUndefined();
    }
  });

  test("is a day where nothing is said", async () => {
    const scene = createScene(subject, "express");
    const id = await given(scene, { a: 1 });
    await scene.clock.advance(86_399_000);
    expect(await stored(scene, id)).toBeDefined();
    await scene.clock.advance(1000);
    expect(await stored(scene, id)).toBeUndefined();
  });

  test("is restarted at most once a minute, and ten times within a short one", async () => {
    for (const [options, cookie, everySeconds] of [
      [{}, {}, 60],
      [{}, { originalMaxAge: 100_000 }, 10],
      [{ touchEverySeconds: 5 }, {}, 5],
      [{ touchEverySeconds: 0 }, {}, 1],
    ] as const) {
      const scene = createScene(subject, "express", options);
      const id = await withCookie(scene, cookie);
      await opened(scene.sessions, id);
      for (let second = 0; second < 120; second += 1) {
        await scene.clock.advance(1000);
        await opened(scene.sessions, id);
      }
      expect(scene.stage.count("read") - 121).toBe(1 + 120 / everySeconds);
    }
  });

  test("has no lifetime, and says so when one is asked for", () => {
    const make = () =>
      createSessionManager({ handler: createMemoryHandler(), format: expressFormat(), lifetimeSeconds: 60 });
    expect(make).toThrow(TypeError);
  });
});

test("a touch is thrown away when that has been done a moment ago, and not otherwise", async () => {
  const scene = createScene(subject, "native");
  const session = await opened(scene.sessions, await given(scene, { a: 1 }));
  await scene.clock.advance(60_000);
  await session.touch();
  await session.touch();
  expect(scene.stage.count("touch")).toBe(1);
  await scene.clock.advance(59_999);
  await session.touch();
  expect(scene.stage.count("touch")).toBe(1);
  await scene.clock.advance(1);
  await session.touch();
  expect(scene.stage.count("touch")).toBe(2);
});

describe.each(formats)("events in the %s format", (formatName) => {
  function heardFrom(sessions: SessionManager): SessionEvent[] {
    const heard: SessionEvent[] = [];
    sessions.subscribe((event) => heard.push(event));
    return heard;
  }

  test("tell of creations, moves and ends, with ids and keys", async () => {
    const { sessions, format } = createScene(subject, formatName);
    const heard = heardFrom(sessions);
    const session = await sessions.create();
    session.set("a", 1);
    await session.save();
    const first = { id: session.id, key: await format().keyOf(session.id) };
    session.set("a", 2);
    await session.save();
    await sessions.update(session.id, (draft) => draft.set("a", 3));
    await session.regenerate();
    const second = { id: session.id, key: await format().keyOf(session.id) };
    await session.destroy();
    await session.destroy();
    expect(heard).toEqual([
      { type: "created", ...first },
      { type: "regenerated", ...second, previousId: first.id, previousKey: first.key },
      { type: "ended", ...second, reason: "destroyed" },
    ]);
  });

  test("tell of ends by id, and of successors", async () => {
    const scene = createScene(subject, formatName);
    const heard = heardFrom(scene.sessions);
    const [id, other] = [await given(scene, { a: 1 }), await given(scene, { a: 1 })];
    const successor = scene.format().createId();
    await scene.sessions.destroy(id);
    await scene.sessions.destroy(other, { successor });
    const keys = await Promise.all([id, other, successor].map((each) => scene.format().keyOf(each)));
    expect(heard).toEqual([
      { type: "ended", id, key: keys[0], reason: "destroyed" },
      { type: "regenerated", id: successor, key: keys[2], previousId: other, previousKey: keys[1] },
    ]);
  });

  test("tell once of a session that is found to be gone", async () => {
    const scene = createScene(subject, formatName);
    const heard = heardFrom(scene.sessions);
    const id = await given(scene, { a: 1 });
    const session = await opened(scene.sessions, id);
    await scene.others.destroy(id);
    session.set("a", 2);
    await rejects(session.save(), "gone", "not-applied");
    await rejects(session.save(), "gone", "not-applied");
    await rejects(session.refresh(), "gone", "any");
    const event = { type: "ended", id, key: await scene.format().keyOf(id), reason: "gone" };
    expect(heard).toEqual([event]);
    await rejects(
      scene.sessions.update(id, (draft) => draft.set("a", 2)),
      "gone",
      "not-applied",
    );
    expect(heard).toEqual([event, event]);
  });

  test("tell nothing of what has failed", async () => {
    const scene = createScene(subject, formatName);
    const heard = heardFrom(scene.sessions);
    const session = await opened(scene.sessions, await given(scene, { a: 1 }));
    const fail = async () => {
      throw new scene.subject.SessionError("unavailable", "No.", { outcome: "not-applied" });
    };
    for (const act of [() => session.save(), () => session.regenerate(), () => session.destroy()]) {
      session.set("a", 2);
      scene.stage.next("write", fail);
      scene.stage.next("destroy", fail);
      await rejects(act(), "unavailable", "not-applied");
      await scene.stage.write("none", new Uint8Array(), { replaces: undefined, ttlSeconds: 1 }).catch(() => {});
      await scene.stage.destroy("none").catch(() => {});
    }
    expect(heard).toEqual([]);
  });

  test("tell of no end that an update has only spoken of", async () => {
    const scene = createScene(subject, formatName);
    const heard = heardFrom(scene.sessions);
    const id = await given(scene, { a: 1 });
    const mine = new scene.subject.SessionError("gone", "Of something else.");
    const update = scene.sessions.update(id, () => {
      throw mine;
    });
    await expect(update).rejects.toBe(mine);
    expect(await stored(scene, id)).toEqual({ a: 1 });
    expect(heard).toEqual([]);
  });

  test("reach everybody, whatever listeners throw, until they unsubscribe", async () => {
    const { sessions } = createScene(subject, formatName);
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

test("an update by an id in its grace time tells of no end: the session lives on", async () => {
  const scene = createScene(subject, "native");
  const session = await opened(scene.others, await given(scene, { a: 1 }));
  const { id } = session;
  await session.regenerate({ graceSeconds: 30 });
  const heard: SessionEvent[] = [];
  scene.sessions.subscribe((event) => heard.push(event));
  await rejects(
    scene.sessions.update(id, (draft) => draft.set("a", 2)),
    "gone",
    "not-applied",
  );
  expect(await stored(scene, session.id)).toEqual({ a: 1 });
  expect(heard).toEqual([]);
});

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

test("options that cannot be used are refused when the manager is made", () => {
  const handler = createMemoryHandler();
  const wrong: [object, unknown][] = [
    [{}, TypeError],
    [{ handler: {} }, TypeError],
    [{ handler, unknown: 1 }, TypeError],
    [{ handler, idleTimeoutSeconds: 0 }, RangeError],
    [{ handler, idleTimeoutSeconds: "60" }, RangeError],
    [{ handler, idleTimeoutSeconds: 2 ** 31 }, RangeError],
    [{ handler, lifetimeSeconds: 0.5 }, RangeError],
    [{ handler, lifetimeSeconds: Number.NaN }, RangeError],
    [{ handler, touchEverySeconds: -1 }, RangeError],
    [{ handler, maxConflicts: -1 }, RangeError],
    [{ handler, maxConflicts: Infinity }, RangeError],
  ];
  for (const [options, kind] of wrong) {
    expect(() => createSessionManager(options as never)).toThrow(kind as typeof TypeError);
  }
  expect(() => createSessionManager(undefined as never)).toThrow(TypeError);
  expect(createSessionManager({ handler }).format.name).toBe(nativeFormat().name);
});

test("options that cannot be used are refused by each call, before anything is sent", async () => {
  const scene = createScene(subject, "native");
  const session = await opened(scene.sessions, await given(scene, { a: 1 }));
  scene.stage.calls.length = 0;
  for (const options of [{ unknown: 1 }, { signal: 1 }, { signal: {} }] as never[]) {
    for (const act of [
      () => scene.sessions.open(session.id, options),
      () => scene.sessions.update(session.id, () => 1, options),
      () => scene.sessions.destroy(session.id, options),
      () => session.save(options),
      () => session.refresh(options),
      () => session.touch(options),
      () => session.regenerate(options),
      () => session.destroy(options),
      () => session.invalidate(options),
    ]) {
      await expect(act()).rejects.toBeInstanceOf(TypeError);
    }
  }
  await expect(scene.sessions.create({ unknown: 1 } as never)).rejects.toBeInstanceOf(TypeError);
  expect(scene.stage.calls).toEqual([]);
});
