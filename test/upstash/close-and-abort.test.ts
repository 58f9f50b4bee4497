// @module-tag real-time

import { createUpstashHandler } from "sessionwire/upstash";
import { describe, expect, test, vi } from "vitest";
import { expectNoEscapes } from "../redis/escapes.ts";
import { create, textOf } from "../redis/session-data.ts";
import { failureOf, timed } from "../redis/settling.ts";
import { operationsOn } from "./operations.ts";
import { openBareUpstash, openScene } from "./scene.ts";

expectNoEscapes();

/** Longer than a test may take: what settles a call here is never its deadline. */
const timeoutMs = 60_000;

const { server, source, handler } = await openScene({ timeoutMs });
const operations = operationsOn("", undefined).map(({ name }) => name);

/** The next request, as soon as it has arrived. */
async function arrival() {
  const before = server.requests.length;
  return () => vi.waitUntil(() => server.requests[before]);
}

describe("the bare client", () => {
  test("resolves an aborted read to null, as if there were no session", async () => {
    const { id } = await create(handler);
    const abortion = new AbortController();
    const bare = openBareUpstash(source, { enableAutoPipelining: false, signal: abortion.signal });
    const arrived = await arrival();
    server.next("silence");
    const read = bare.get(id);
    await arrived();
    abortion.abort();
    expect(await read).toBeNull();
  });
});

test("a reconnection that is aborted gives up all its requests (law 39)", async () => {
  await using fresh = createUpstashHandler(source, { timeoutMs });
  const before = server.requests.length;
  const abortion = new AbortController();
  server.next("silence", 2);
  const reconnecting = failureOf(fresh.reconnect({ signal: abortion.signal }));
  await vi.waitUntil(() => server.requests.length - before === 2);
  abortion.abort();
  expect(await reconnecting).toMatchObject({ code: "aborted" });
  await vi.waitUntil(() => server.requests.slice(before).every(({ wasGivenUp }) => wasGivenUp));
});

describe("the deadline (law 38)", () => {
  test.each(operations)("rejects an unanswered call, and cancels its request: %s", async (name) => {
    await using hurried = createUpstashHandler(source, { timeoutMs: 200 });
    const { id, version } = await create(handler);
    const { run, changes } = operation(name, id, version);
    const arrived = await arrival();
    server.next("silence");
    const { value: error, ms } = await timed(failureOf(run(hurried)));
    expect(error.code).toBe("timeout");
    if (changes) expect(error.outcome).toBe("unknown");
    expect(ms).toBeLessThan(450);
    const request = await arrived();
    await vi.waitUntil(() => request?.wasGivenUp);
    expect(textOf(await hurried.read(id))).toBe("first");
  });

  test("is two seconds by default", async () => {
    await using usual = createUpstashHandler(source);
    server.next("silence");
    const { value: error, ms } = await timed(failureOf(usual.read("a")));
    expect(error.code).toBe("timeout");
    expect(ms).toBeGreaterThan(1900);
    expect(ms).toBeLessThan(2600);
  });

  test("covers a ping and a reconnection", async () => {
    await using hurried = createUpstashHandler(source, { timeoutMs: 100 });
    server.next("silence", 2);
    expect(await failureOf(hurried.ping())).toMatchObject({ code: "timeout" });
    expect(await failureOf(hurried.reconnect())).toMatchObject({ code: "timeout" });
  });
});

test("closing cancels the requests of all running calls (law 40)", async () => {
  const { id, version } = await create(handler);
  const closed = createUpstashHandler(source, { timeoutMs });
  const before = server.requests.length;
  const all = operationsOn(id, version);
  server.next("silence", 3);
  const calls = [...all.map(({ run }) => run(closed)), closed.ping()].map(failureOf);
  await vi.waitUntil(() => server.requests.length - before === 2);
  calls.push(failureOf(closed.read(id)));
  await vi.waitUntil(() => server.requests.length - before === 3);
  await closed.close();
  for (const error of await Promise.all(calls)) expect(error).toMatchObject({ code: "closed" });
  await vi.waitUntil(() => server.requests.slice(before).every(({ wasGivenUp }) => wasGivenUp));
});

function operation(name: string, id: string, version: Parameters<typeof operationsOn>[1]) {
  const found = operationsOn(id, version).find((candidate) => candidate.name === name);
  if (found === undefined) throw new Error(`There is no operation ${name}.`);
  return found;
}
