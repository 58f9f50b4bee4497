// @module-tag real-time

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { withConnectionCheck } from "sessionwire";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";
import { openBareRedis } from "./bare-redis.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { bytes, create, freshId, textOf } from "./session-data.ts";
import { failureOf, isPendingAfter, settlesInThisTurn } from "./settling.ts";

expectNoEscapes();

const checkAlways = { everySeconds: 0, pingTimeoutMs: 150, reconnectTimeoutMs: 60_000 };
/** Longer than a test may take: what settles a call here is never its deadline. */
const timeoutMs = 60_000;
const watchMs = 1500;

const { server, handler: direct } = await openScene();

describe("closing", () => {
  test("a silent connection never ends in bare ioredis; the handler settles every call and lets go of it (laws 38 and 40)", async () => {
    await using proxy = await startProxy(server);
    using bare = openBareRedis(proxy.url);
    const { id, version } = await create(direct);
    await bare.get(id);
    proxy.silence();
    const bareHangs = isPendingAfter(watchMs, bare.quit());

    const handler = createRedisHandler(proxy.url, { timeoutMs });
    await handler.ping();
    proxy.silence();
    const reads = [handler.read(id), handler.read(id, { ttlSeconds: 60 }), handler.ping()].map(failureOf);
    const changes = [
      handler.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }),
      handler.touch(id, 60),
      handler.destroy(id),
    ].map(failureOf);
    const sent = new Promise((resolve) => setImmediate(resolve)); // a call is sent in the turn in which it was made
    await sent;
    const closing = handler.close();
    expect(await settlesInThisTurn(Promise.all([...reads, ...changes, closing]))).toBe(true);
    for (const error of await Promise.all(reads)) expect(error).toMatchObject({ code: "closed" });
    for (const error of await Promise.all(changes)) {
      expect(error).toMatchObject({ code: "closed", outcome: "unknown" });
    }
    await handler.close();
    expect(await failureOf(handler.write(id, bytes("x"), { replaces: version, ttlSeconds: 60 }))).toMatchObject({
      code: "closed",
      outcome: "not-applied",
    });
    for (const call of [handler.read(id), handler.ping(), handler.reconnect()]) {
      expect(await failureOf(call)).toMatchObject({ code: "closed" });
    }
    expect(await bareHangs).toBe(true);
    bare.disconnect();
    bare.stream.destroy();
    await vi.waitUntil(() => proxy.open === 0);
    expect(proxy.accepted).toBe(2);
  });

  test("during the first connection settles the call that waits for it, and leaves none behind", async () => {
    await using proxy = await startProxy(server);
    proxy.newConnections = "silent";
    const handler = createRedisHandler(proxy.url, { timeoutMs });
    const write = failureOf(handler.write(freshId(), bytes("x"), { replaces: undefined, ttlSeconds: 60 }));
    await vi.waitUntil(() => proxy.open === 1);
    await handler.close();
    expect(await write).toMatchObject({ code: "closed", outcome: "not-applied" });
    await vi.waitUntil(() => proxy.open === 0);
  });

  test("during a reconnection settles all that wait for it, and leaves none behind (laws 68 and 69)", async () => {
    await using proxy = await startProxy(server);
    const checked = withConnectionCheck(createRedisHandler(proxy.url, { timeoutMs }), checkAlways);
    const { id, version } = await create(direct);
    await checked.read(id);
    proxy.silence();
    proxy.newConnections = "silent";
    const read = failureOf(checked.read(id));
    const write = failureOf(checked.write(id, bytes("second"), { replaces: version, ttlSeconds: 60 }));
    await vi.waitUntil(() => proxy.accepted === 2);
    const closing = checked.close();
    expect(await settlesInThisTurn(Promise.all([read, write, closing]))).toBe(true);
    expect(await read).toMatchObject({ code: "closed" });
    expect(await write).toMatchObject({ code: "closed", outcome: "not-applied" });
    proxy.newConnections = "pass";
    await vi.waitUntil(() => proxy.open === 0);
    expect(await failureOf(checked.read(id))).toMatchObject({ code: "closed" });
    expect(proxy.accepted).toBe(2);
    expect(textOf(await direct.read(id))).toBe("first");
  });

  test("on a frozen server destroys the socket, and waits for no answer to its end (law 40)", async () => {
    await using frozen = await startRedis();
    const handler = createRedisHandler(frozen.url, { timeoutMs });
    const { id } = await create(handler);
    await vi.waitUntil(() => sockets() === 2); // this one and `direct`, when those of earlier tests are gone
    frozen.freeze();
    const read = failureOf(handler.read(id));
    await handler.close();
    expect(await read).toMatchObject({ code: "closed" });
    await vi.waitUntil(() => sockets() === 1);
  });

  function sockets(): number {
    return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
  }

  test("in any stage of a call leaves no socket and no timer that keeps a process alive (law 70)", async () => {
    const script = new URL("./closed-handler.child.ts", import.meta.url).pathname;
    const ended = promisify(execFile)(process.execPath, ["--import", "tsx", script], {
      env: { ...process.env, REDIS_URL: server.url },
      timeout: 10_000, // a sixth of the deadline of what is under way
      killSignal: "SIGKILL",
    });
    expect(JSON.parse((await ended).stdout)).toEqual(["closed", "closed", "closed"]);
  });

  test("is not needed after a connection that was refused, which leaves no timer behind (law 70)", async () => {
    const script = new URL("./refused.child.ts", import.meta.url).pathname;
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script], {
      env: { ...process.env, REDIS_URL: "redis://127.0.0.1:1" },
    });
    expect(JSON.parse(stdout)).toEqual({ code: "unavailable", timers: 0 });
  });
});

describe("aborting", () => {
  const reason = new Error("The browser has gone.");

  test("a call on a silent connection rejects it in the same turn with the reason (law 39)", async () => {
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    const { id, version } = await create(direct);
    await handler.read(id);
    proxy.silence();
    const controller = new AbortController();
    const { signal } = controller;
    const read = failureOf(handler.read(id, { signal }));
    const write = failureOf(handler.write(id, bytes("x"), { replaces: version, ttlSeconds: 60, signal }));
    await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    expect(await settlesInThisTurn(Promise.all([read, write]))).toBe(true);
    expect(await read).toMatchObject({ code: "aborted", cause: reason });
    expect(await write).toMatchObject({ code: "aborted", outcome: "unknown", cause: reason });
  });

  test("beforehand or while the connection is being opened sends nothing (law 39)", async () => {
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    const id = freshId();
    const monitor = await server.monitor();
    const options = { replaces: undefined, ttlSeconds: 60 };
    const aborted = handler.write(id, bytes("x"), { ...options, signal: AbortSignal.abort(reason) });
    expect(await failureOf(aborted)).toMatchObject({ code: "aborted", outcome: "not-applied", cause: reason });
    expect(proxy.accepted).toBe(0);

    proxy.delayMs = 50;
    const controller = new AbortController();
    const write = failureOf(handler.write(id, bytes("x"), { ...options, signal: controller.signal }));
    await vi.waitUntil(() => proxy.accepted === 1);
    controller.abort(reason);
    expect(await write).toMatchObject({ code: "aborted", outcome: "not-applied", cause: reason });
    await handler.ping();
    await monitor.caughtUp();
    monitor.stop();
    expect(monitor.commands.filter((command) => command.includes(id))).toEqual([]);
  });

  test("a call that waits for the check sends nothing, and neither the check nor others notice (laws 66 and 67)", async () => {
    await using proxy = await startProxy(server);
    const handler = createRedisHandler(proxy.url, { timeoutMs });
    await using checked = withConnectionCheck(handler, checkAlways);
    const { id, version } = await create(direct);
    await checked.read(id);
    const ping = vi.spyOn(handler, "ping");
    proxy.silence();
    const monitor = await server.monitor();
    const controller = new AbortController();
    const { signal } = controller;
    const write = failureOf(checked.write(id, bytes("x"), { replaces: version, ttlSeconds: 60, signal }));
    const read = checked.read(id);
    await vi.waitUntil(() => ping.mock.calls.length === 1);
    controller.abort(reason);
    expect(await settlesInThisTurn(write)).toBe(true);
    expect(await write).toMatchObject({ code: "aborted", outcome: "not-applied", cause: reason });
    expect(textOf(await read)).toBe("first");
    expect(ping).toHaveBeenCalledTimes(1);
    await monitor.caughtUp();
    monitor.stop();
    expect(monitor.commands.filter((command) => command.includes(id))).toHaveLength(1);
  });

  test("a reconnection gives its attempt up, unless another call waits for it", async () => {
    await using proxy = await startProxy(server);
    await using handler = createRedisHandler(proxy.url, { timeoutMs });
    proxy.newConnections = "silent";
    const [first, second] = [new AbortController(), new AbortController()];
    const calls = [first, second].map(({ signal }) => failureOf(handler.reconnect({ signal })));
    await vi.waitUntil(() => proxy.open === 1);
    first.abort(reason);
    expect(await calls[0]).toMatchObject({ code: "aborted" });
    expect(await isPendingAfter(50, Promise.any(calls.slice(1)))).toBe(true);
    expect(proxy.open).toBe(1);
    second.abort(reason);
    expect(await calls[1]).toMatchObject({ code: "aborted" });
    await vi.waitUntil(() => proxy.open === 0);
    expect(proxy.accepted).toBe(1);
    proxy.newConnections = "pass";
    await handler.reconnect();
  });
});
