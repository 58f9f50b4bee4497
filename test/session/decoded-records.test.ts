import assert from "node:assert/strict";
import { createSessionManager, expressFormat, nativeFormat, type Session, type SessionManager } from "sessionwire";
import { recordOf } from "sessionwire/backend";
import { createMemoryHandler } from "sessionwire/memory";
import { checkContract, sessionContract } from "sessionwire/testing/properties";
import { expect, test } from "vitest";

test("equal bytes are not decoded again from the second read on, and all openers of the session share the record", async () => {
  const { sessions, decoded, store } = createSessions();
  await store("a", { n: 1, list: [1] });
  await opened(sessions, "a");
  const [one, other] = [await opened(sessions, "a"), await opened(sessions, "a")];
  expect(recordOf(one)).toBe(recordOf(other));
  expect(one.get("list")).toBe(other.get("list"));
  expect(one.get("n")).toBe(1);
  expect(decoded()).toBe(2);
});

test("a save of a remembered session is not decoded", async () => {
  const { sessions, decoded } = createSessions();
  const session = await sessions.create({ id: "a" });
  session.set("list", [1]);
  await session.save();
  for (let time = 0; time < 2; time += 1) await opened(sessions, "a");
  await sessions.update("a", (draft) => draft.update("list", (list) => [...(list as number[]), 2]));
  expect((await opened(sessions, "a")).get("list")).toEqual([1, 2]);
  expect(decoded()).toBe(2);
});

test("of many sessions that are read once, only some marks are kept", async () => {
  const { sessions, decoded, store } = createSessions();
  const ids = Array.from({ length: 200 }, (_, index) => `session-${index}`);
  for (const id of ids) await store(id, { n: 1 });
  const records = [];
  for (const id of [...ids, ...ids, ...ids]) records.push(recordOf(await opened(sessions, id)));
  expect(decoded()).toBe(400);
  expect(new Set(records).size).toBe(400);
});

test("a write by another program is noticed, even with the same length, and under another key", async () => {
  const { sessions, decoded, store } = createSessions();
  await store("a", { n: 1 });
  await store("b", { n: 1 });
  expect((await opened(sessions, "a")).get("n")).toBe(1);
  expect((await opened(sessions, "b")).get("n")).toBe(1);
  for (const n of [2, 3, 1, 20, 1]) {
    await store("a", { n });
    expect((await opened(sessions, "a")).get("n")).toBe(n);
  }
  expect((await opened(sessions, "b")).get("n")).toBe(1);
  expect(decoded()).toBe(8); // b was remembered when it was read again
});

test("a change in one session appears in no other before it is saved, and never if it is discarded", async () => {
  const { sessions, store } = createSessions();
  await store("a", { list: [1], flash: { notice: ["hello"] } });
  const [one, other] = [await opened(sessions, "a"), await opened(sessions, "a")];
  one.set("list", [2]);
  one.flash.take("notice");
  one.update("list", (list) => {
    (list as number[]).push(3);
    return list;
  });
  expect(() =>
    other.update("list", (list) => {
      (list as number[]).push(4);
      throw new Error("given up");
    }),
  ).toThrow("given up");
  (other.copy("list") as number[]).push(5);
  expect(other.get("list")).toEqual([1]);
  expect(other.flash.peek("notice")).toEqual(["hello"]);
  expect((await opened(sessions, "a")).get("list")).toEqual([1]);
  await one.save();
  expect(other.get("list")).toEqual([1]);
  expect((await opened(sessions, "a")).get("list")).toEqual([2, 3]);
});

test("an ended session leaves nothing behind", async () => {
  const { sessions, decoded, handler, store } = createSessions();
  const endings: (() => Promise<unknown>)[] = [
    () => sessions.destroy("a"),
    async () => (await opened(sessions, "a")).destroy(),
    async () => {
      await handler.destroy("sess:a");
      expect(await sessions.open("a")).toBeUndefined();
    },
  ];
  for (const [index, end] of endings.entries()) {
    await store("a", { n: 1 });
    await opened(sessions, "a");
    expect(decoded()).toBe(index + 1);
    await end();
  }
});

test("recently used sessions stay: others are decoded again, and so are large ones", async () => {
  const { sessions, decoded, store } = createSessions(8 * 1024);
  const text = "x".repeat(400);
  for (const id of "abcdefg") await store(id, { text });
  for (let time = 0; time < 3; time += 1) for (const id of "abcdefg") await opened(sessions, id);
  expect(decoded()).toBe(14);
  await store("h", { text });
  await store("i", { text });
  for (const id of "ahhii") await opened(sessions, id); // drives out b, or b and c
  expect(decoded()).toBe(18);
  await opened(sessions, "a");
  expect(decoded()).toBe(18);
  await opened(sessions, "b");
  expect(decoded()).toBe(19);
  await store("large", { text: "x".repeat(600) });
  for (let time = 0; time < 3; time += 1) await opened(sessions, "large");
  expect(decoded()).toBe(22);
});

test("nothing is remembered without room", async () => {
  const { sessions, decoded, store } = createSessions(0);
  await store("a", { n: 1 });
  for (let time = 0; time < 3; time += 1) await opened(sessions, "a");
  expect(decoded()).toBe(3);
  expect(() => createSessions(-1)).toThrow(RangeError);
});

test.each([
  ["native", nativeFormat, 0],
  ["native", nativeFormat, 8192],
  ["express", expressFormat, 8192],
] as const)("sessions keep their contract in the %s format with room for few", async (_, createFormat, cacheBytes) => {
  const create = (options: Parameters<typeof createSessionManager>[0]) =>
    createSessionManager({ ...options, format: createFormat(), cacheBytes });
  await checkContract(sessionContract, create, { seed: 1, numRuns: 40 });
});

/** Sessions of express-session, of which other programs may store some, and how often one was decoded. */
function createSessions(cacheBytes?: number) {
  const handler = createMemoryHandler();
  const express = expressFormat();
  let count = 0;
  const decode = (data: Uint8Array) => {
    count += 1;
    return express.decode(data);
  };
  const sessions = createSessionManager({ handler, format: { ...express, decode }, cacheBytes });
  const store = async (id: string, attributes: object) => {
    const data = new TextEncoder().encode(JSON.stringify({ cookie: { originalMaxAge: null }, ...attributes }));
    const replaces = (await handler.read(`sess:${id}`))?.version;
    assert.ok((await handler.write(`sess:${id}`, data, { replaces, ttlSeconds: 60 })).written);
  };
  return { handler, sessions, store, decoded: () => count };
}

async function opened(sessions: SessionManager, id: string): Promise<Session> {
  return (await sessions.open(id, { keepAlive: false })) ?? assert.fail("There is no such session.");
}
