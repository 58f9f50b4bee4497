import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { disturb } from "../faults/disturbance.ts";
import { startProxy } from "../faults/proxy.ts";
import { runTogether } from "../processes/processes.ts";
import { startRedis } from "../servers/redis-server.ts";
import type { Counted, IncrementReport } from "./increment.child.ts";
import { create, freshId, textOf } from "./session-data.ts";

const names = ["first", "second"];

test("two processes that GET and SET lose updates with bare ioredis", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  proxy.delayMs = 1; // so that the two overlap on any machine
  const increments = 200;
  const id = freshId();
  await runProcesses({ CLIENT: "bare", REDIS_URL: proxy.url, SESSION_ID: id, INCREMENTS: String(increments) });
  const count = Number(await server.command("get", id));
  expect(count).toBeGreaterThanOrEqual(increments);
  expect(count).toBeLessThan(2 * increments);
  console.info(`bare GET and SET of two processes: ${count} of ${2 * increments} increments`);
}, 60_000);

test("two processes with conditional writes count every increment once, while connections are killed and replies lost (laws 19, 34, 36 and 38)", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const increments = 1000;
  await using direct = createRedisHandler(proxy.url);
  const { id } = await create(direct, JSON.stringify({ count: 0, added: {} } satisfies Counted));
  const disturbance = disturb(server, proxy, 100);
  const start = performance.now();
  const reports = await runProcesses({ REDIS_URL: proxy.url, SESSION_ID: id, INCREMENTS: String(increments) });
  const ms = Math.round(performance.now() - start);
  const disturbances = await disturbance.end();

  await using sober = createRedisHandler(server.url);
  const counted: Counted = JSON.parse(textOf(await sober.read(id)) ?? "");
  expect(counted).toEqual({ count: 2 * increments, added: { first: increments, second: increments } });
  const total = (of: keyof IncrementReport) => reports.reduce((sum, report) => sum + report[of], 0);
  expect(total("conflicts")).toBeGreaterThan(0);
  expect(total("inDoubt")).toBeGreaterThan(0);
  console.info(
    `${2 * increments} increments of two processes in ${ms} ms, connections killed ${disturbances} times: ` +
      `${total("conflicts")} conflicts, ${total("inDoubt")} in doubt (${total("inDoubtApplied")} applied), ` +
      `${total("failed")} failed`,
  );
}, 60_000);

function runProcesses(env: Record<string, string>): Promise<IncrementReport[]> {
  return runTogether(new URL("./increment.child.ts", import.meta.url), names, env);
}
