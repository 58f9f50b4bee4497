import { createSessionManager, expressFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { describe, expect, test } from "vitest";
import { createFixture, type Fixture, given, opened, stored } from "./fixture.ts";
import { subject } from "./subject.ts";

describe("the time to live in the native format", () => {
  const limits = { idleTimeoutSeconds: 100, lifetimeSeconds: 250 };

  test("is the smaller of the idle timeout and the rest of the lifetime", async () => {
    const fixture = createFixture(subject, "native", limits);
    const session = await fixture.sessions.create();
    session.set("a", 1);
    await session.save();
    expect(fixture.handler.calls.at(-1)).toMatchObject({ method: "write", ttlSeconds: 100 });
    for (const [afterSeconds, left] of [
      [99, 100],
      [52, 99],
      [98.5, 1],
    ] as const) {
      await fixture.clock.advance(afterSeconds * 1000);
      session.set("a", afterSeconds);
      await session.save();
      expect(fixture.handler.calls.at(-1)).toMatchObject({ method: "write", ttlSeconds: left });
    }
    await fixture.clock.advance(499);
    expect(await stored(fixture, session.id)).toBeDefined();
    await fixture.clock.advance(1);
    expect(await stored(fixture, session.id)).toBeUndefined();
  });

  test("restarts with each opening, in the round trip of the read", async () => {
    const fixture = createFixture(subject, "native", { idleTimeoutSeconds: 100 });
    const id = await given(fixture, { a: 1 });
    for (let time = 0; time < 5; time += 1) {
      await fixture.clock.advance(99_000);
      await opened(fixture.sessions, id);
    }
    expect(fixture.handler.calls.map(({ method, ttlSeconds }) => [method, ttlSeconds])).toEqual(
      Array(5).fill(["read", 100]),
    );
    await fixture.clock.advance(99_000);
    expect(await fixture.sessions.open(id, { keepAlive: false })).toBeDefined();
    await fixture.clock.advance(1000);
    expect(await fixture.sessions.open(id)).toBeUndefined();
  });

  test("is by default that of the format: 30 minutes and 12 hours", async () => {
    const fixture = createFixture(subject, "native");
    const [idle, used] = [await given(fixture, { a: 1 }), await given(fixture, { a: 1 })];
    await fixture.clock.advance(1_799_000);
    await opened(fixture.sessions, used);
    expect(await stored(fixture, idle)).toBeDefined();
    await fixture.clock.advance(1000);
    expect(await stored(fixture, idle)).toBeUndefined();
    for (let minutes = 30; minutes < 719; minutes += 1) {
      await fixture.clock.advance(60_000);
      await opened(fixture.sessions, used);
    }
    await fixture.clock.advance(59_000);
    await opened(fixture.sessions, used);
    await fixture.clock.advance(1000);
    expect(await fixture.sessions.open(used)).toBeUndefined();
  });

  test("ends by the record itself, which is then removed from a store that still holds it", async () => {
    const fixture = createFixture(subject, "native", limits);
    const id = await given(fixture, { a: 1 });
    const key = await fixture.format.keyOf(id);
    const { data, version } = (await fixture.store.read(key)) ?? expect.fail("It is not there.");
    await fixture.store.write(key, data, { replaces: version, ttlSeconds: 100_000 });
    await fixture.clock.advance(249_999);
    expect(await fixture.sessions.open(id, { keepAlive: false })).toBeDefined();
    await fixture.clock.advance(1);
    expect(await fixture.sessions.open(id, { keepAlive: false })).toBeUndefined();
    expect(await fixture.store.read(key)).toBeUndefined();
  });

  test("is corrected when a read has set more than the lifetime leaves, so that a store forgets in time", async () => {
    const fixture = createFixture(subject, "native", limits);
    const id = await given(fixture, { a: 1 });
    await fixture.clock.advance(90_000);
    await opened(fixture.sessions, id);
    await fixture.clock.advance(90_000);
    await opened(fixture.sessions, id);
    expect(fixture.handler.calls.map(({ method, ttlSeconds }) => [method, ttlSeconds])).toEqual([
      ["read", 100],
      ["read", 100],
      ["touch", 70],
    ]);
    await fixture.clock.advance(70_000);
    expect(await fixture.store.read(await fixture.format.keyOf(id))).toBeUndefined();
  });

  test("without a lifetime is the idle timeout alone", async () => {
    const fixture = createFixture(subject, "native", { idleTimeoutSeconds: 100, lifetimeSeconds: Infinity });
    const id = await given(fixture, { a: 1 });
    for (let time = 0; time < 1000; time += 1) {
      await fixture.clock.advance(99_000);
      await opened(fixture.sessions, id);
    }
  });
});

describe("the time to live in the express format", () => {
  async function withCookie(fixture: Fixture, cookie: object): Promise<string> {
    const session = await fixture.others.create();
    session.metadata.set("cookie", { originalMaxAge: null, expires: null, path: "/", ...cookie });
    session.set("a", 1);
    await session.save();
    return session.id;
  }

  test("is the cookie's maximal age, or else the idle timeout", async () => {
    const fixture = createFixture(subject, "express", { idleTimeoutSeconds: 50, touchEverySeconds: 0 });
    const ends: [object, number][] = [
      [{ originalMaxAge: 10_000 }, 10],
      [{ originalMaxAge: 9_500 }, 10],
      [{ originalMaxAge: 100_000 }, 100],
      [{ originalMaxAge: null }, 50],
      [{ originalMaxAge: undefined }, 50],
      [{ originalMaxAge: null, expires: "1999-01-01T00:00:00.000Z" }, 50],
    ];
    for (const [cookie, seconds] of ends) {
      const id = await withCookie(fixture, JSON.parse(JSON.stringify(cookie)));
      await fixture.clock.advance((seconds - 1) * 1000);
      await opened(fixture.sessions, id);
      await fixture.clock.advance((seconds - 1) * 1000);
      expect(await fixture.sessions.open(id, { keepAlive: false })).toBeDefined();
      await fixture.clock.advance(1000);
      expect(await fixture.sessions.open(id)).toBeUndefined();
    }
  });

  test("is a day by default", async () => {
    const fixture = createFixture(subject, "express");
    const id = await given(fixture, { a: 1 });
    await fixture.clock.advance(86_399_000);
    expect(await stored(fixture, id)).toBeDefined();
    await fixture.clock.advance(1000);
    expect(await stored(fixture, id)).toBeUndefined();
  });

  test("is restarted at most once a minute, and ten times within a short one", async () => {
    for (const [options, cookie, everySeconds] of [
      [{}, {}, 60],
      [{}, { originalMaxAge: 100_000 }, 10],
      [{ touchEverySeconds: 5 }, {}, 5],
      [{ touchEverySeconds: 0 }, {}, 1],
    ] as const) {
      const fixture = createFixture(subject, "express", options);
      const id = await withCookie(fixture, cookie);
      await opened(fixture.sessions, id);
      for (let second = 0; second < 120; second += 1) {
        await fixture.clock.advance(1000);
        await opened(fixture.sessions, id);
      }
      expect(fixture.handler.count("read") - 121).toBe(1 + 120 / everySeconds);
    }
  });

  test("has no lifetime, and reports it if one is requested", () => {
    const make = () =>
      createSessionManager({ handler: createMemoryHandler(), format: expressFormat(), lifetimeSeconds: 60 });
    expect(make).toThrow(TypeError);
  });
});

test("a touch sends nothing shortly after another one, and is sent otherwise", async () => {
  const fixture = createFixture(subject, "native");
  const session = await opened(fixture.sessions, await given(fixture, { a: 1 }));
  await fixture.clock.advance(60_000);
  await session.touch();
  await session.touch();
  expect(fixture.handler.count("touch")).toBe(1);
  await fixture.clock.advance(59_999);
  await session.touch();
  expect(fixture.handler.count("touch")).toBe(1);
  await fixture.clock.advance(1);
  await session.touch();
  expect(fixture.handler.count("touch")).toBe(2);
});
