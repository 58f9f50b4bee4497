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
