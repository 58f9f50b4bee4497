import { type NetworkedSessionHandler, type SessionHandler, type StoredSession, withMigration } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createScriptedHandler, createVirtualClock, idsOf, withFaults } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { bytes, create, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";

/** Two stores, `from` and `to`, and what the migration sees of them: `old` and `next`, of whose calls a test says what becomes. */
function openScene() {
  const clock = createVirtualClock();
  const [from, to] = [createMemoryHandler({ clock }), createMemoryHandler({ clock })];
  const [old, next] = [createScriptedHandler(from), createScriptedHandler(to)];
  const open = (moves: boolean) => withMigration(old, next, { moves, clock });
  return { clock, from, to, old, next, staying: open(false), moving: open(true) };
}

const creation = { replaces: undefined, ttlSeconds: 600 };

describe("while nothing moves", () => {
  test("a session is created in the store that older programs know", async () => {
    const { from, to, staying } = openScene();
    const { id } = await create(staying);
    expect(textOf(await from.read(id))).toBe("first");
    expect(await to.read(id)).toBeUndefined();
    expect(await staying.touch(id, 300)).toBe(true);
  });

  test("a creation that was too late leaves nothing behind that would appear when the other one has expired", async () => {
    const { clock, from, to, old, staying } = openScene();
    old.next("write", async (apply) => {
      await to.write("s", bytes("of the other one"), creation);
      return apply();
    });
    const refused = await staying.write("s", bytes("late"), creation);
    expect(refused.written ? "written" : textOf(refused.current)).toBe("of the other one");
    expect(await from.read("s")).toBeUndefined();
    await clock.advance(601_000);
    expect(await staying.read("s")).toBeUndefined();
  });
});

describe("a touch", () => {
  test("reaches the store that has the session, and moves it if sessions move", async () => {
    const { clock, from, to, staying, moving } = openScene();
    const { id } = await create(from);
    expect(await staying.touch(id, 1200)).toBe(true);
    await clock.advance(900_000);
    expect(textOf(await from.read(id))).toBe("first");
    expect(await moving.touch(id, 1200)).toBe(true);
    await clock.advance(900_000);
    expect(textOf(await to.read(id))).toBe("first");
    expect(await from.read(id)).toBeUndefined();
  });

  test("finds a session that is just moving", async () => {
    const { clock, from, to, old, staying, moving } = openScene();
    const { id } = await create(from);
    old.next("touch", async (apply) => {
      await moving.read(id);
      return apply();
    });
    expect(await staying.touch(id, 1200)).toBe(true);
    await clock.advance(900_000);
    expect(textOf(await to.read(id))).toBe("first");
  });

  test("does not find an ended session", async () => {
    const { staying, moving } = openScene();
    for (const handler of [staying, moving]) {
      const { id } = await create(handler);
      await handler.destroy(id);
      expect(await handler.touch(id, 60)).toBe(false);
      expect(await handler.touch("never there", 60)).toBe(false);
    }
  });
});

describe("a session that has ended", () => {
  const ends: Record<string, (handler: SessionHandler, id: string, seen: StoredSession) => Promise<unknown>> = {
    "whatever it was": (handler, id) => handler.destroy(id),
    "as it was seen": (handler, id, { version }) => handler.destroy(id, { replaces: version }),
  };
  for (const [how, end] of Object.entries(ends)) {
    for (const moves of [false, true]) {
      test(`${how} has left the old store, and is gone when its mark is (moves: ${moves})`, async () => {
        const { clock, from, to, staying, moving } = openScene();
        const handler = moves ? moving : staying;
        const { id } = await create(from);
        const seen = (await handler.read(id)) as StoredSession;
        expect(await end(handler, id, seen)).toMatchObject({ destroyed: true });
        expect(await from.read(id)).toBeUndefined();
        await clock.advance(61_000);
        expect(await handler.read(id)).toBeUndefined();
        expect(await to.read(id)).toBeUndefined();
      });
    }
  }

  test("is not remembered for longer than a minute, even if it is asked for", async () => {
    const { clock, to, moving } = openScene();
    const { id } = await create(moving);
    await moving.destroy(id);
    expect(await moving.read(id, { ttlSeconds: 3600 })).toBeUndefined();
    await clock.advance(61_000);
    expect(await to.read(id)).toBeUndefined();
  });

  test("cannot be ended again, and makes room for a new one with the same id", async () => {
    const { moving } = openScene();
    const { id } = await create(moving);
    expect(await moving.destroy(id)).toEqual({ destroyed: true });
    expect(await moving.destroy(id)).toEqual({ destroyed: false, current: undefined });
    expect(await moving.write(id, bytes("second"), creation)).toMatchObject({ written: true });
    expect(textOf(await moving.read(id))).toBe("second");
  });
});

test("a move that is delayed for more than five seconds looks the session up again first", async () => {
  const { clock, from, old, next } = openScene();
  const calls: string[] = [];
  const noted = (place: string, store: SessionHandler) =>
    withFaults(store, (operation) => {
      calls.push(`${place}.${operation}`);
      return "none";
    });
  old.next("write", async (apply) => {
    await clock.advance(5001);
    return apply();
  });
  const { id } = await create(from);
  const migration = withMigration(noted("old", old), noted("new", next), { clock });
  expect(textOf(await migration.read(id))).toBe("first");
  expect(calls).toEqual(["new.read", "old.read", "old.write", "new.read", "old.read", "new.write", "old.destroy"]);
});

test("a session that another process changes each time is given up after 100 attempts, and nothing has happened", async () => {
  const { from, to, old, moving } = openScene();
  const { id } = await create(from);
  let marks = 0;
  const changedBefore = async (apply: () => Promise<unknown>) => {
    marks += 1;
    const { version } = (await from.read(id)) as StoredSession;
    await from.write(id, bytes(`change ${marks}`), { replaces: version, ttlSeconds: 600 });
    return apply();
  };
  old.next("write", changedBefore, 200);
  const failure = await failureOf(moving.touch(id, 60));
  expect(failure).toMatchObject({ code: "conflict", outcome: "not-applied" });
  expect(failure.message).toContain("100 times");
  expect(marks).toBe(100);
  expect(textOf(await from.read(id))).toBe("change 100");
  expect(await to.read(id)).toBeUndefined();
});

test("by default, sessions move, and live for a day if the read gives no time to live", async () => {
  const { clock, from, to } = openScene();
  const { id } = await create(from);
  const migration = withMigration(from, to, { clock });
  await migration.read(id);
  expect(await from.read(id)).toBeUndefined();
  await clock.advance(86_399_000);
  expect(textOf(await to.read(id))).toBe("first");
  await clock.advance(1000);
  expect(await to.read(id)).toBeUndefined();
});

describe("for a cancelled call,", () => {
  const calls: Record<string, (handler: SessionHandler, id: string, signal: AbortSignal) => Promise<unknown>> = {
    creation: (handler, _, signal) => handler.write("another", bytes("new"), { ...creation, signal }),
    write: async (handler, id, signal) => {
      const { version } = (await handler.read(id)) as StoredSession;
      return handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 600, signal });
    },
    touch: (handler, id, signal) => handler.touch(id, 600, { signal }),
    "conditional destroy": async (handler, id, signal) => {
      const { version } = (await handler.read(id)) as StoredSession;
      return handler.destroy(id, { replaces: version, signal });
    },
    destroy: (handler, id, signal) => handler.destroy(id, { signal }),
  };
  for (const [name, call] of Object.entries(calls)) {
    test(`the outcome is unknown: a ${name}`, async () => {
      const controller = new AbortController();
      const { from, old, next, staying } = openScene();
      const neverAnswers = () => {
        controller.abort();
        return new Promise(() => {});
      };
      for (const method of ["write", "touch", "destroy"] as const) {
        for (const store of [old, next]) store.next(method, neverAnswers);
      }
      const { id } = await create(from);
      const failure = await failureOf(call(staying, id, controller.signal));
      expect(failure).toMatchObject({ code: "aborted", outcome: "unknown" });
    });
  }
});

describe("a listing", () => {
  test("lists each session of both stores once, over many pages, and no ended one", async () => {
    const { clock, from, to } = openScene();
    const moving = withMigration(from, to, { clock });
    const ids = await Promise.all(
      [from, to].flatMap((store) => Array.from({ length: 250 }, async () => (await create(store)).id)),
    );
    for (const id of ids.slice(-10)) await moving.destroy(id);
    expect((await idsOf(moving)).sort()).toEqual(ids.slice(0, -10).sort());
  });

  test("exists only if both stores have one", () => {
    const clock = createVirtualClock();
    const memory = () => createMemoryHandler({ clock });
    expect("list" in withMigration(memory(), memory(), { clock })).toBe(true);
    expect("list" in withMigration(networkedHandler(), memory(), { clock })).toBe(false);
    expect("list" in withMigration(memory(), networkedHandler(), { clock })).toBe(false);
  });
});

describe("the connections", () => {
  const memory = createMemoryHandler();

  test("of two stores without any do not exist", () => {
    const migration = withMigration(memory, createMemoryHandler());
    expect("ping" in migration).toBe(false);
    expect("reconnect" in migration).toBe(false);
  });

  test("are those of the stores that have some", async () => {
    const calls: unknown[] = [];
    const networked = (name: string) =>
      Object.assign(networkedHandler(), {
        ping: async (options?: object) => void calls.push([name, "ping", options]),
        reconnect: async (options?: object) => void calls.push([name, "reconnect", options]),
      });
    const { signal } = new AbortController();
    await withMigration(networked("old"), memory).ping({ signal });
    await withMigration(memory, networked("new")).reconnect({ signal });
    await withMigration(networked("old"), networked("new")).ping({ signal });
    expect(calls).toEqual([
      ["old", "ping", { signal }],
      ["new", "reconnect", { signal }],
      ["old", "ping", { signal }],
      ["new", "ping", { signal }],
    ]);
  });

  test("of a store that can only be pinged cannot be replaced", () => {
    const { reconnect, ...asked } = networkedHandler();
    expect("ping" in withMigration(asked as SessionHandler, memory)).toBe(false);
  });
});

test("closing it closes both stores", async () => {
  const { from, to } = openScene();
  const moving = withMigration(from, to);
  await moving.close();
  for (const store of [from, to, moving]) expect(await failureOf(store.read("s"))).toMatchObject({ code: "closed" });
});

test("an invalid migration is refused", () => {
  const memory = createMemoryHandler();
  const other = createMemoryHandler();
  const unchecked = withMigration as (from: unknown, to: unknown, options?: object) => unknown;
  expect(() => unchecked({}, memory)).toThrow(/The old handler/);
  expect(() => unchecked(memory, {})).toThrow(/The new handler/);
  expect(() => unchecked(memory, memory)).toThrow(/different/);
  expect(() => unchecked(memory, other, { move: true })).toThrow(/move/);
  expect(() => unchecked(memory, other, { moves: 1 })).toThrow(TypeError);
  expect(() => unchecked(memory, other, { ttlSeconds: 0 })).toThrow(RangeError);
});

test("data that begins like a mark is refused, and nothing is stored", async () => {
  const { from, to, moving } = openScene();
  for (const mark of ["\0sessionwire moving 1\n", "\0sessionwire ended 1\n"]) {
    const failure = await failureOf(moving.write("s", bytes(`${mark}rest`), creation));
    expect(failure).toMatchObject({ code: "failed", outcome: "not-applied" });
    expect(failure.message).toContain("marks of a migration");
  }
  expect(await moving.read("s")).toBeUndefined();
  expect(await from.read("s")).toBeUndefined();
  expect(await to.read("s")).toBeUndefined();
});

/** It can ping and reconnect, and not list. */
function networkedHandler(): NetworkedSessionHandler {
  return createScriptedHandler(createMemoryHandler());
}
