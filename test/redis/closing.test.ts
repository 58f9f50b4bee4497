// @module-tag real-time

import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { createRedisHandler } from "sessionwire/redis";
import { describe, expect, test, vi } from "vitest";
import { startRedis } from "../servers/redis-server.ts";
import { expectNoEscapes } from "./escapes.ts";
import { openScene } from "./scene.ts";
import { create } from "./session-data.ts";
import { failureOf } from "./settling.ts";

expectNoEscapes();

const { server } = await openScene();

describe("closing", () => {
  test("on a frozen server destroys the socket without waiting for an answer (law 40)", async () => {
    await using frozen = await startRedis();
    const handler = createRedisHandler(frozen.url, { timeoutMs: 60_000 });
    const { id } = await create(handler);
    await vi.waitUntil(() => sockets() === 1); // when those that asked whether the servers are up have gone
    frozen.freeze();
    const read = failureOf(handler.read(id));
    await handler.close();
    expect(await read).toMatchObject({ code: "closed" });
    await vi.waitUntil(() => sockets() === 0);
  });

  function sockets(): number {
    return process.getActiveResourcesInfo().filter((resource) => resource === "TCPSocketWrap").length;
  }

  test("in any stage of a call leaves no socket and no timer that keeps a process alive (law 70)", async () => {
    const ended = run("./closed-handler.child.ts", server.url); // within a sixth of the deadline of what is under way
    expect(await ended).toEqual(["closed", "closed", "closed"]);
  });

  test("is not needed after a refused connection, which leaves no timer behind (law 70)", async () => {
    expect(await run("./refused.child.ts", "redis://127.0.0.1:1")).toEqual({ code: "unavailable", timers: 0 });
  });
});

async function run(script: string, url: string): Promise<unknown> {
  const path = new URL(script, import.meta.url).pathname;
  const env = { ...process.env, REDIS_URL: url };
  const options = { env, timeout: 10_000, killSignal: "SIGKILL" } as const;
  const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", path], options);
  return JSON.parse(stdout);
}
