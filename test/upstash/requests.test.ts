import { withConnectionCheck, withTimeout } from "sessionwire";
import { createUpstashHandler } from "sessionwire/upstash";
import { describe, expect, test } from "vitest";
import { bytes, create, freshId } from "../redis/session-data.ts";
import { operationsOn } from "./operations.ts";
import { openScene } from "./scene.ts";
import { inTurns } from "./turns.ts";

const { server, source, handler } = await openScene();

/** The requests that a call makes. */
async function requestsOf(call: () => Promise<unknown>) {
  const before = server.requests.length;
  await call();
  return server.requests.slice(before);
}

describe("an operation is one request with one command (law 36):", () => {
  test.each(operationsOn("", undefined).map(({ name }) => name))("%s", async (name) => {
    const { id, version } = await create(handler);
    const operation = operationsOn(id, version).find((candidate) => candidate.name === name);
    await operation?.run(handler); // now the server knows its script
    const requests = await requestsOf(async () => operation?.run(handler));
    expect(requests.map(({ path, command }) => [path, (command as string[][]).length])).toEqual([["/pipeline", 1]]);
  });

  test.each(["ping", "reconnect"] as const)("%s", async (name) => {
    const requests = await requestsOf(() => handler[name]());
    expect(requests.map(({ path, command }) => [path, command])).toEqual([["/", ["ping"]]]);
  });
});

describe("the operations of one turn of the event loop", () => {
  test("are one request, in whatever way they are called", async () => {
    const { id, version } = await create(handler);
    const checked = withConnectionCheck(withTimeout(handler, { timeoutMs: 10_000 }), { everySeconds: 60 });
    await checked.read(id);
    const requests = await requestsOf(() =>
      Promise.all(
        operationsOn(id, version).map(({ run }, index) => run(index % 2 === 0 ? handler : { ...handler, ...checked })),
      ),
    );
    expect(requests.map(({ path }) => path)).toEqual(["/pipeline"]);
  });

  test("do not wait for those of another turn", async () => {
    const requests = await requestsOf(() => inTurns(3, () => handler.read("a")));
    expect(requests).toHaveLength(3);
  });

  test("are several requests if there are many", async () => {
    const requests = await requestsOf(() => Promise.all(Array.from({ length: 300 }, () => handler.read("a"))));
    expect(requests.map(({ command }) => (command as unknown[]).length)).toEqual([128, 128, 44]);
  });

  test("are several requests if they are large, each below half a megabyte unless one operation is larger", async () => {
    const lengths = [100_000, 100_000, 100_000, 600_000, 10];
    const write = (length: number) =>
      handler.write(freshId(), new Uint8Array(length).fill(97), { replaces: undefined, ttlSeconds: 60 });
    await write(1);
    const requests = await requestsOf(() => Promise.all(lengths.map(write)));
    expect(requests.map(({ command }) => (command as unknown[]).length).toSorted()).toEqual([1, 1, 1, 2]);
  });
});

test("a script that the server has forgotten is sent in full, once for each call", async () => {
  const { id, version } = await create(handler);
  await server.redis.command("SCRIPT", "FLUSH");
  const before = server.commands.length;
  const writes = [1, 2].map((n) => handler.write(id, bytes(`${n}`), { replaces: version, ttlSeconds: 60 }));
  expect((await Promise.all(writes)).map(({ written }) => written)).toEqual([true, false]);
  expect(server.commands.slice(before).map(([name]) => name)).toEqual(["evalsha", "evalsha", "eval", "eval"]);
});

test("no request reveals where the handler runs", async () => {
  const [request] = await requestsOf(() => handler.ping());
  expect(Object.keys(request?.headers ?? {}).filter((name) => name.includes("telemetry"))).toEqual([]);
});

test("nothing is sent when a handler is created, nor after it was closed", async () => {
  const requests = await requestsOf(async () => {
    const fresh = createUpstashHandler(source);
    await fresh.close();
    await fresh.read("a").catch(() => {});
    await handler.ping();
  });
  expect(requests).toHaveLength(1);
});
