import {
  createSessionManager,
  type Encrypted,
  expressFormat,
  type ListingSessionHandler,
  nativeFormat,
  type RotateOptions,
  type RotationProgress,
  rotate,
  ttlSecondsOf,
  withEncryption,
} from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createScriptedHandler, createVirtualClock, rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { keyNamed } from "../laws/encryption-keys.ts";
import { bytes, textOf } from "../redis/session-data.ts";

const [next, old] = [keyNamed("2027"), keyNamed("2026")];
const creation = { replaces: undefined, ttlSeconds: 60 };
const nothing = { seen: 0, rewritten: 0, conflicts: 0, left: 0, unreadable: 0, next: undefined };

function openScene() {
  const clock = createVirtualClock();
  const store = createMemoryHandler({ clock });
  const using = (...keys: { id: string; key: Uint8Array }[]) =>
    withEncryption(store, { keys, clock, acceptPlaintextUntil: clock.now() + 3_600_000 });
  return { clock, store, before: using(old), during: using(next, old), after: using(next) };
}

async function createSessions(handler: Encrypted<ListingSessionHandler>, count: number): Promise<void> {
  for (let index = 0; index < count; index += 1) await handler.write(`s${index}`, bytes(`data ${index}`), creation);
}

describe("rotating", () => {
  test("rewrites exactly what is not encrypted with the first key, plaintext included, and counts it", async () => {
    const { store, before, during, after } = openScene();
    await before.write("old", bytes("of the old key"), creation);
    await during.write("new", bytes("of the new key"), creation);
    await store.write("plain", bytes("in plaintext"), creation);
    await store.write("odd", bytes("\0sw\u0001 no record"), creation);
    const unchanged = await store.read("new");
    const counts = { ...nothing, seen: 4, rewritten: 2, unreadable: 1 };
    expect(await rotate(during, { ttlSeconds: 60 })).toEqual(counts);
    expect(await store.read("new")).toEqual(unchanged);
    expect(textOf(await after.read("old"))).toBe("of the old key");
    expect(textOf(await after.read("plain"))).toBe("in plaintext");
    expect((await store.read("plain"))?.data.subarray(0, 3)).toEqual(bytes("\0sw"));
    expect(await rotate(during, { ttlSeconds: 60 })).toEqual({ ...nothing, seen: 4, unreadable: 1 });
    await before.write("late", bytes("of a process that was forgotten"), creation);
    expect(await rotate(after, { ttlSeconds: 60 })).toEqual({ ...nothing, seen: 5, unreadable: 2 });
    expect(await rotate(during, { ttlSeconds: 60, prefix: "l" })).toEqual({ ...nothing, seen: 1, rewritten: 1 });
  });

  test("stops at an abort or a failure of the store, and goes on from there in another process", async () => {
    const { store, before, during, after } = openScene();
    await createSessions(before, 500);
    const controller = new AbortController();
    const progress: RotationProgress[] = [];
    const onProgress = (each: RotationProgress) => {
      progress.push(each);
      controller.abort();
    };
    const ended = rotate(during, { ttlSeconds: 60, signal: controller.signal, onProgress });
    await rejects(ended, "aborted", "any");
    const [first] = progress;
    expect(first?.next).toBeDefined();
    const failing = Object.assign(createScriptedHandler(store), { list: store.list });
    failing.next("read", () => Promise.reject(new Error("down")), 1);
    const handler = withEncryption(failing, { keys: [next, old] });
    await rejects(rotate(handler, { ttlSeconds: 60, cursor: first?.next, concurrency: 1 }), "failed", "any");
    const rest = await rotate(handler, { ttlSeconds: 60, cursor: first?.next, concurrency: 500 });
    expect((first?.seen ?? 0) + rest.seen).toBe(500);
    expect((first?.rewritten ?? 0) + rest.rewritten).toBe(500);
    expect(textOf(await after.read("s499"))).toBe("data 499");
  });

  test("closing the handler ends it", async () => {
    const { before, during } = openScene();
    await createSessions(before, 1);
    const ended = rotate(during, { ttlSeconds: () => new Promise(() => {}) });
    await during.list(); // it has begun
    await during.close();
    await rejects(ended, "closed", "any");
  });

  test("an option that cannot be used is refused", async () => {
    const { store, during } = openScene();
    for (const wrong of [{ ttlSeconds: 0 }, {}, { ttlSeconds: 60, concurrency: 0 }] as RotateOptions[]) {
      await expect(rotate(during, wrong)).rejects.toThrow(RangeError);
    }
    for (const wrong of [{ ttlSeconds: 60, from: "0" }, { ttlSeconds: 60, signal: true }, undefined] as never[]) {
      await expect(rotate(during, wrong)).rejects.toThrow(TypeError);
    }
    await expect(rotate(store as never, { ttlSeconds: 60 })).rejects.toThrow(TypeError);
  });
});

describe.each(Object.entries({ nativeFormat, expressFormat }))("in the format of %s,", (_, createFormat) => {
  const limits = createFormat().defaults;
  const users = { idOf: (session: { get(name: "user"): unknown }) => session.get("user") };

  test("a rewritten session lives as long as one that is used, lists of users are rewritten, and other records are left", async () => {
    const { clock, store, before, during } = openScene();
    const managerOf = (handler: typeof before) =>
      createSessionManager<{ user: string }>({ handler, format: createFormat(), clock, users });
    const sessions = managerOf(before);
    const session = await sessions.create();
    session.set("user", "ann");
    await session.save();
    const idleMs = limits.idleTimeoutSeconds * 1000;
    await clock.advance(idleMs - 200_000);
    await sessions.tickets.issue(session, { ttlSeconds: 300 });
    await clock.advance(199_000);
    const rotating = managerOf(during);
    const counts = await rotate(during, { ttlSeconds: ttlSecondsOf(rotating) });
    expect(counts).toEqual({ ...nothing, seen: 3, rewritten: 2, left: 1 });
    await clock.advance(idleMs - 1000);
    expect((await rotating.open(session.id))?.get("user")).toBe("ann");
    expect(await rotating.ofUser("ann").list()).toHaveLength(1);
    await clock.advance(idleMs);
    expect((await store.list({ prefix: createFormat().keyPrefix })).ids).toEqual([]);
  });
});

test("a session whose lifetime has ended is left to expire", async () => {
  const { clock, before, during } = openScene();
  const limits = { idleTimeoutSeconds: 1000, lifetimeSeconds: 1000, clock };
  const sessions = createSessionManager<{ user: string }>({ handler: before, ...limits });
  const session = await sessions.create();
  session.set("user", "ann");
  await session.save();
  const shorter = createSessionManager({ handler: during, ...limits, idleTimeoutSeconds: 500, lifetimeSeconds: 500 });
  await clock.advance(600_000);
  expect(await rotate(during, { ttlSeconds: ttlSecondsOf(shorter) })).toEqual({ ...nothing, seen: 1, left: 1 });
  expect(() => ttlSecondsOf({} as never)).toThrow(TypeError);
});
