import { createHash } from "node:crypto";
import { expressFormat } from "sessionwire";
import { rejects } from "sessionwire/testing";
import { describe, expect, test } from "vitest";
import { text } from "../laws/law.ts";
import { createFixture, given } from "./fixture.ts";
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

test("the key of a native id is its SHA-256, computed synchronously, however long it is", () => {
  const { keyOf } = subject.nativeFormat();
  for (let length = 0; length < 200; length += 1) {
    const id = "é\u{1f600}a".repeat(length).slice(0, 2 * length);
    if (id.isWellFormed()) expect(keyOf(id)).toBe(`session:${createHash("sha256").update(id).digest("base64url")}`);
  }
});

describe.each(formats)("ids in the %s format", (formatName) => {
  test("are 43 characters of base64url, and all different", async () => {
    const { sessions } = createFixture(subject, formatName);
    const ids = await Promise.all(Array.from({ length: 1000 }, async () => (await sessions.create()).id));
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(new Set(ids).size).toBe(1000);
    expect(new Set(ids.join("")).size).toBe(64);
  });

  test("that are invalid have no sessions, and never reach the handler", async () => {
    const { sessions, handler } = createFixture(subject, formatName);
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
    expect(handler.calls).toEqual([]);
  });

  test("without a session are gone, or undefined, or ended already", async () => {
    const { sessions, format } = createFixture(subject, formatName);
    const id = format.createId();
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
  const fixture = createFixture(subject, "native");
  const id = await given(fixture, { a: 1 });
  await fixture.sessions.open(id);
  const key = `session:${createHash("sha256").update(id).digest("base64url")}`;
  expect(fixture.handler.calls.map((call) => call.key)).toEqual([key]);
});

test("no native id ever reaches the handler, in a key or in data", async () => {
  const fixture = createFixture(subject, "native", { touchEverySeconds: 0 });
  const told: string[] = [];
  const { store } = fixture;
  const sessions = fixture.process({
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
  const { handler, process } = createFixture(subject, "express");
  const sessions = process({ handler });
  await sessions.open("abc");
  await process({ handler, format: expressFormat({ prefix: "" }) }).open("abc");
  expect(handler.calls.map(({ key }) => key)).toEqual(["sess:abc", "abc"]);
  await expect(sessions.create({ id: "\ud800" })).rejects.toMatchObject({ code: "invalid-id" });
  await expect(sessions.create({ id: 1 as never })).rejects.toMatchObject({ code: "invalid-id" });
});
