import { createUpstashHandler } from "sessionwire/upstash";
import { describe, expect, test } from "vitest";
import { create } from "../redis/session-data.ts";
import { operationsOn } from "./operations.ts";
import { openScene } from "./scene.ts";

const { server, source, handler } = await openScene();

/** The requests that a call makes. */
async function requestsOf(call: () => Promise<unknown>) {
  const before = server.requests.length;
  await call();
  return server.requests.slice(before);
}

describe("every operation is one request with one command (law 36):", () => {
  test.each(operationsOn("", undefined).map(({ name }) => name))("%s", async (name) => {
    const { id, version } = await create(handler);
    const operation = operationsOn(id, version).find((candidate) => candidate.name === name);
    const requests = await requestsOf(async () => operation?.run(handler));
    expect(requests.map(({ path, command }) => [path, (command as string[])[0]])).toEqual([["/", "eval"]]);
  });

  test.each(["ping", "reconnect"] as const)("%s", async (name) => {
    const requests = await requestsOf(() => handler[name]());
    expect(requests.map(({ path, command }) => [path, command])).toEqual([["/", ["ping"]]]);
  });

  test("many at once", async () => {
    const { id } = await create(handler);
    const requests = await requestsOf(() => Promise.all(Array.from({ length: 20 }, () => handler.read(id))));
    expect(requests).toHaveLength(20);
  });
});

test("each request hands back what the one before was told, so that it sees what that has written", async () => {
  await using fresh = createUpstashHandler(source);
  const tokens = await requestsOf(async () => {
    const { id, version } = await create(fresh);
    for (const { run } of operationsOn(id, version)) await run(fresh);
    await fresh.ping();
  });
  const seen = tokens.map(({ headers }) => headers["upstash-sync-token"]);
  expect(seen[0]).toBe("");
  const numbers = seen.slice(1).map((token) => Number(token?.toString().replace("token ", "")));
  expect(numbers).toEqual(numbers.map((_, index) => (numbers[0] ?? Number.NaN) + index));
});

test("nothing is told about where the handler runs", async () => {
  const [request] = await requestsOf(() => handler.ping());
  expect(Object.keys(request?.headers ?? {}).filter((name) => name.includes("telemetry"))).toEqual([]);
});

test("nothing is sent when a handler is made, nor after it was closed", async () => {
  const requests = await requestsOf(async () => {
    const fresh = createUpstashHandler(source);
    await fresh.close();
    await fresh.read("a").catch(() => {});
    await handler.ping();
  });
  expect(requests).toHaveLength(1);
});
