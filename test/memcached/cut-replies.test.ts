// @module-tag real-time

import { type StoredSession, withConnectionCheck } from "sessionwire";
import { createMemcachedHandler } from "sessionwire/memcached";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { bytes, freshId, textOf } from "../redis/session-data.ts";
import { failureOf } from "../redis/settling.ts";
import { openBareMemjs } from "./bare-memjs.ts";
import { startReplyCutter } from "./reply-cutter.ts";
import { addressOf, openScene } from "./scene.ts";

expectNoEscapes();

const { server, handler: direct } = await openScene();

/** What belongs to a user: his name, often enough for a reply to be cut in the middle of it. */
function dataOf(user: string): string {
  return `${user} `.repeat(60);
}

/** Users with a session each. */
async function signIn(count: number): Promise<string[]> {
  const users = Array.from({ length: count }, freshId);
  for (const user of users) await direct.write(user, bytes(dataOf(user)), { replaces: undefined, ttlSeconds: 600 });
  return users;
}

/** What was answered and does not belong to whom it was given. */
function wrongOf(users: readonly string[], results: readonly PromiseSettledResult<string | undefined>[]): string[] {
  return results.flatMap((result, index) =>
    result.status === "fulfilled" && result.value !== dataOf(users[index] ?? "") ? [String(result.value)] : [],
  );
}

describe("a reply that is cut in the middle when the connection is lost", () => {
  test("gives users of bare memjs the bytes of others; here it is a failure, and the next read is correct", async () => {
    await using cutter = await startReplyCutter(server);
    using bare = openBareMemjs(addressOf(cutter), { retry_delay: 0.01 });
    const users = await signIn(20);
    const bareRead = async (user: string) => (await bare.get(user)).value?.toString();
    await bareRead(users[0] ?? "");
    cutter.cutAfter(500);
    const bareReads = Promise.allSettled(users.map(bareRead));
    await vi.waitUntil(() => cutter.isHolding);
    cutter.reset();
    const wrong = wrongOf(users, await bareReads);
    expect(wrong.length).toBeGreaterThan(0);
    expect(wrong.some((text) => users.some((user) => text.includes(user)))).toBe(true);

    await using handler = createMemcachedHandler(addressOf(cutter));
    const read = async (user: string) => textOf(await handler.read(user));
    for (const cutAfterBytes of [1, 23, 24, 28, 500, 2300, 2400, 5000]) {
      await read(users[0] ?? "");
      cutter.cutAfter(cutAfterBytes);
      const reads = Promise.allSettled(users.map(read));
      await vi.waitUntil(() => cutter.isHolding);
      cutter.reset();
      const results = await reads;
      expect(wrongOf(users, results)).toEqual([]);
      expect(results.some(({ status }) => status === "rejected")).toBe(true);
      expect(await Promise.all(users.map(read))).toEqual(users.map(dataOf));
    }
  });
});

describe("a reply that stalls in the middle", () => {
  test("gives a user of bare memjs wrong bytes if it continues after the timeout; here it never does", async () => {
    await using cutter = await startReplyCutter(server);
    using bare = openBareMemjs(addressOf(cutter), { timeout: 0.2, retry_delay: 0.05 });
    const users = await signIn(20);
    const [user = "", other = ""] = users;
    const bareRead = async (who: string) => (await bare.get(who)).value?.toString();
    await bareRead(user);
    cutter.cutAfter(500);
    // It is asked for again, on another connection; what it gets is the half that has come, and the reply behind it.
    const value = await bareRead(user);
    expect(value).toMatch(/^\S+ /);
    expect(value).not.toBe(dataOf(user));

    await using checked = withConnectionCheck(createMemcachedHandler(addressOf(cutter), { timeoutMs: 200 }));
    const read = async (who: string) => textOf(await checked.read(who));
    await read(user);
    cutter.cutAfter(500);
    const stalled = failureOf(checked.read(user));
    await vi.waitUntil(() => cutter.isHolding);
    expect(await stalled).toMatchObject({ code: "timeout" });
    const after = [read(other), read(user)];
    cutter.release();
    expect(await Promise.all(after)).toEqual([dataOf(other), dataOf(user)]);
    expect(await Promise.all(users.map(read))).toEqual(users.map(dataOf));
  });

  test("that continues in time is a reply like any other", async () => {
    await using cutter = await startReplyCutter(server);
    await using handler = createMemcachedHandler(addressOf(cutter));
    const users = await signIn(20);
    await handler.ping();
    cutter.cutAfter(3000);
    const reads = Promise.all(users.map((user) => handler.read(user)));
    await vi.waitUntil(() => cutter.isHolding);
    cutter.release();
    expect((await reads).map(textOf)).toEqual(users.map(dataOf));
  });
});

test.each([1, 7, 23, 24, 25, 1000])("replies that arrive %i bytes at a time are reassembled", async (size) => {
  await using cutter = await startReplyCutter(server);
  cutter.pieceBytes = size;
  await using handler = createMemcachedHandler(addressOf(cutter));
  const users = await signIn(5);
  const read = (): Promise<(StoredSession | undefined)[]> => Promise.all(users.map((user) => handler.read(user)));
  expect((await read()).map(textOf)).toEqual(users.map(dataOf));
});
