import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { installAlone } from "../url/installation.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, textOf } from "./session-data.ts";
import { failureOf, settlesInThisTurn } from "./settling.ts";

// The code for a Cluster or sentinels is a file of its own, which the first call to them loads.

expectNoEscapes();

const { server } = await openScene();

type Adapter = typeof import("sessionwire/redis");

/** The adapter of a package of its own, after a change to the file with that code. */
function adapterAfter(change: (file: string) => void): Promise<Adapter> {
  const installation = installAlone("ioredis");
  onTestFinished(() => installation[Symbol.dispose]());
  const adapters = join(installation.home, "node_modules/sessionwire/dist/adapters");
  change(join(adapters, "redis/several-servers.js"));
  return import(join(adapters, "redis.js"));
}

/** The adapter of a package that loads the code only when `release` is called. */
async function adapterBehindGate() {
  let release = () => {};
  const released = new Promise<void>((resolve) => {
    release = resolve;
  });
  vi.stubGlobal("released", released);
  onTestFinished(() => void vi.unstubAllGlobals());
  const wait = (file: string) => writeFileSync(file, `await released;\n${readFileSync(file, "utf8")}`);
  const { createRedisHandler } = await adapterAfter(wait);
  return { createRedisHandler, release };
}

test("a single server needs none of it", async () => {
  const { createRedisHandler } = await adapterAfter(rmSync);
  await using handler = createRedisHandler(server.url);
  await handler.write("a", bytes("first"), { replaces: undefined, ttlSeconds: 60 });
  await handler.reconnect();
  await handler.ping();
  expect(textOf(await handler.read("a"))).toBe("first");
  expect(await handler.list()).toMatchObject({ ids: ["a"] });
});

describe.each([
  ["a Cluster", (port: number) => `redis+cluster://127.0.0.1:${port}`],
  ["sentinels", (port: number) => `redis+sentinel://127.0.0.1:${port}/main`],
])("a call to %s", (_, urlTo) => {
  test("rejects as not applied if its code cannot be loaded (laws 33 and 34)", async () => {
    const { createRedisHandler } = await adapterAfter(rmSync);
    await using handler = createRedisHandler(urlTo(1));
    for (const call of [() => handler.destroy("a"), () => handler.touch("a", 60)]) {
      expect(await failureOf(call())).toMatchObject({ code: "failed", outcome: "not-applied" });
    }
    expect(await failureOf(handler.reconnect())).toMatchObject({ code: "failed" });
  });

  test("settles by its deadline, however long the load takes (law 38)", async () => {
    const { createRedisHandler } = await adapterBehindGate();
    await using handler = createRedisHandler(urlTo(1), { timeoutMs: 50 });
    expect(await failureOf(handler.read("a"))).toMatchObject({ code: "timeout" });
    expect(await failureOf(handler.touch("a", 60))).toMatchObject({ code: "timeout", outcome: "not-applied" });
  });

  test("can be aborted during the load, which goes on for others (laws 39 and 67)", async () => {
    const { createRedisHandler, release } = await adapterBehindGate();
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(urlTo(proxy.port));
    const leaving = new AbortController();
    const left = [handler.read("a", leaving), handler.reconnect(leaving)];
    const staying = failureOf(handler.read("b"));
    leaving.abort();
    for (const call of left) {
      const failure = failureOf(call);
      expect(await settlesInThisTurn(failure)).toBe(true);
      expect(await failure).toMatchObject({ code: "aborted" });
    }
    release();
    await staying; // this server is neither in a Cluster nor a sentinel, but it was asked
    expect(proxy.accepted).toBeGreaterThan(0);
  });

  test("opens nothing once all callers have left during the load (laws 39 and 70)", async () => {
    const { createRedisHandler, release } = await adapterBehindGate();
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(urlTo(proxy.port));
    const leaving = new AbortController();
    const left = failureOf(handler.reconnect(leaving));
    leaving.abort();
    expect(await left).toMatchObject({ code: "aborted" });
    release();
    await loaded(createRedisHandler);
    expect(proxy.accepted).toBe(0);
  });

  test("rejects when the handler is closed during the load, and nothing is opened any more (laws 40 and 69)", async () => {
    const { createRedisHandler, release } = await adapterBehindGate();
    await using proxy = await startProxy(server);
    const closed = createRedisHandler(urlTo(proxy.port));
    const calls = [closed.read("a"), closed.touch("a", 60), closed.ping(), closed.reconnect()].map(failureOf);
    await closed.close();
    release();
    for (const failure of await Promise.all(calls)) expect(failure).toMatchObject({ code: "closed" });
    await loaded(createRedisHandler);
    expect(proxy.accepted).toBe(0);
  });

  /** Waits until another handler has loaded the code, and failed to connect. */
  async function loaded(createRedisHandler: Adapter["createRedisHandler"]): Promise<void> {
    await using other = createRedisHandler(urlTo(1));
    expect(await failureOf(other.read("a"))).toMatchObject({ code: "unavailable" });
  }
});
