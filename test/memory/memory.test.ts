import type { SessionPage } from "sessionwire/backend";
import { createMemoryHandler, type MemoryHandlerOptions } from "sessionwire/memory";
import { createVirtualClock } from "sessionwire/testing";
import { describe, expect, test } from "vitest";

const create = { replaces: undefined, ttlSeconds: 60 };

function setUp(options: MemoryHandlerOptions = {}) {
  const clock = createVirtualClock();
  const handler = createMemoryHandler({ clock, ...options });
  const isThere = async (id: string) => (await handler.read(id)) !== undefined;
  return { clock, handler, isThere };
}

describe("a bound on the number of sessions", () => {
  test("evicts the session that was not used for the longest time", async () => {
    const { handler, isThere } = setUp({ maxSessions: 3 });
    for (const id of ["read", "touched", "unused"]) await handler.write(id, new Uint8Array(1), create);
    await handler.read("read");
    await handler.touch("touched", 60);
    await handler.write("new", new Uint8Array(1), create);
    expect(await Promise.all(["read", "touched", "unused", "new"].map(isThere))).toEqual([true, true, false, true]);
  });

  test("is not reached by replacing, destroying and creating again", async () => {
    const { handler, isThere } = setUp({ maxSessions: 2 });
    await handler.write("kept", new Uint8Array(1), create);
    for (let round = 0; round < 100; round += 1) {
      await handler.write("other", new Uint8Array(1), create);
      await handler.destroy("other");
    }
    expect(await isThere("kept")).toBe(true);
  });
});

describe("a bound on all bytes together", () => {
  test("makes room for new sessions, counting the space that a replacing write frees", async () => {
    const { handler, isThere } = setUp({ maxTotalBytes: 100, maxBytes: 100 });
    const first = await handler.write("a", new Uint8Array(60), create);
    await handler.write("b", new Uint8Array(40), create);
    expect(await Promise.all(["a", "b"].map(isThere))).toEqual([true, true]);
    if (!first.written) throw new Error("not written");
    await handler.write("a", new Uint8Array(50), { replaces: first.version, ttlSeconds: 60 });
    await handler.write("c", new Uint8Array(10), create);
    expect(await Promise.all(["a", "b", "c"].map(isThere))).toEqual([true, true, true]);
    await handler.write("d", new Uint8Array(100), create);
    expect(await Promise.all(["a", "b", "c", "d"].map(isThere))).toEqual([false, false, false, true]);
  });
});

test("operations free the memory of expired sessions, a few at a time", async () => {
  const { clock, handler } = setUp({ maxTotalBytes: 1_000_000, maxBytes: 1000 });
  await handler.write("lasting", new Uint8Array(500), { replaces: undefined, ttlSeconds: 3600 });
  for (let index = 0; index < 1000; index += 1) {
    await handler.write(`short ${index}`, new Uint8Array(500), { replaces: undefined, ttlSeconds: 1 });
  }
  await clock.advance(1000);
  // Had the 500,000 bytes of the expired ones not been given back, the new ones would drive out the oldest session.
  for (let round = 0; round < 600; round += 1) await handler.read("nobody");
  for (let index = 0; index < 1990; index += 1) await handler.write(`new ${index}`, new Uint8Array(500), create);
  expect(await handler.read("lasting")).toBeDefined();
});

describe("a listing", () => {
  test("takes pages of a hundred at most, and one page for up to a hundred", async () => {
    const { handler } = setUp();
    for (let index = 0; index < 100; index += 1) await handler.write(`${index}`, new Uint8Array(1), create);
    expect(await handler.list()).toMatchObject({ next: undefined });
    for (let index = 100; index < 1000; index += 1) await handler.write(`${index}`, new Uint8Array(1), create);
    const sizes: number[] = [];
    let page: SessionPage | undefined;
    do {
      page = await handler.list({ cursor: page?.next });
      sizes.push(page.ids.length);
    } while (page.next !== undefined);
    expect(sizes).toEqual(Array.from({ length: 10 }, () => 100));
  });

  test("lists each session once, however unevenly they are spread", async () => {
    const { handler } = setUp();
    const ids = Array.from({ length: 1000 }, (_, index) => `${index} with the same end`);
    for (const id of ids) await handler.write(id, new Uint8Array(1), create);
    const listed: string[] = [];
    let page: SessionPage | undefined;
    do {
      page = await handler.list({ cursor: page?.next });
      listed.push(...page.ids);
    } while (page.next !== undefined);
    expect(listed).toEqual(ids);
  });

  test("does not count as use of a session", async () => {
    const { handler, isThere } = setUp({ maxSessions: 2 });
    for (const id of ["older", "newer"]) await handler.write(id, new Uint8Array(1), create);
    expect((await handler.list({ prefix: "older" })).ids).toEqual(["older"]);
    await handler.write("new", new Uint8Array(1), create);
    expect(await isThere("older")).toBe(false);
  });

  test("of only expired sessions has empty pages, and an end", async () => {
    const { clock, handler } = setUp();
    for (let index = 0; index < 250; index += 1) await handler.write(`${index}`, new Uint8Array(1), create);
    await clock.advance(60_000);
    const first = await handler.list();
    const second = await handler.list({ cursor: first.next });
    const third = await handler.list({ cursor: second.next });
    expect([first, second, third].map(({ ids }) => ids)).toEqual([[], [], []]);
    expect(third.next).toBeUndefined();
  });
});

test("setting the wall clock neither ends nor prolongs a session", async () => {
  const { clock, handler, isThere } = setUp();
  await handler.write("a", new Uint8Array(1), create);
  clock.setWallClock(365 * 86_400_000);
  expect(await isThere("a")).toBe(true);
  clock.setWallClock(-2 * 365 * 86_400_000);
  await clock.advance(60_000);
  expect(await isThere("a")).toBe(false);
});

test("there is no timer, however many sessions there are", async () => {
  const { clock, handler } = setUp();
  for (let index = 0; index < 100; index += 1) await handler.write(`${index}`, new Uint8Array(1), create);
  expect(clock.pending).toBe(0);
});

test("two handlers have nothing in common, not even versions", async () => {
  const [one, other] = [setUp().handler, setUp().handler];
  const written = await one.write("a", new Uint8Array(1), create);
  await other.write("a", new Uint8Array(1), create);
  if (!written.written) throw new Error("not written");
  const { written: replaced } = await other.write("a", new Uint8Array(2), {
    replaces: written.version,
    ttlSeconds: 60,
  });
  expect(replaced).toBe(false);
});

test.each([
  [{ maxSessions: 0 }, RangeError],
  [{ maxSessions: 1.5 }, RangeError],
  [{ maxSessions: Number.NaN }, RangeError],
  [{ maxSessions: "3" as never }, RangeError],
  [{ maxTotalBytes: 1000 }, RangeError],
  [{ maxTotalBytes: 99, maxBytes: 100 }, RangeError],
  [{ maxBytes: 0 }, RangeError],
  [{ max: 3 } as never, TypeError],
])("the options %o are refused", (options, error) => {
  expect(() => createMemoryHandler(options)).toThrow(error);
});
