import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { createRedisHandler } from "sessionwire/redis";
import { expect, test } from "vitest";
import { type FaultProxy, startProxy } from "../faults/proxy.ts";
import { type RedisServer, startRedis } from "../servers/redis-server.ts";
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

test("two processes that write conditionally count every increment once, while connections are killed and replies lost (laws 19, 34, 36 and 38)", async () => {
  await using server = await startRedis();
  await using proxy = await startProxy(server);
  const increments = 1000;
  await using direct = createRedisHandler(proxy.url);
  const { id } = await create(direct, JSON.stringify({ count: 0, added: {} } satisfies Counted));
  const disturbance = disturb(server, proxy);
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

/** Runs both to their end; rejects if one fails. */
async function runProcesses(env: Record<string, string>): Promise<IncrementReport[]> {
  const script = new URL("./increment.child.ts", import.meta.url).pathname;
  const children = names.map((PROCESS_NAME) =>
    fork(script, { execArgv: ["--import", "tsx"], env: { ...process.env, ...env, PROCESS_NAME } }),
  );
  try {
    await Promise.all(children.map(messageOf));
    const reports = children.map(messageOf);
    for (const child of children) child.send("begin");
    return (await Promise.all(reports)) as IncrementReport[]; // the second message of `increment.child.ts`
  } finally {
    for (const child of children) child.kill("SIGKILL");
  }
}

async function messageOf(child: ChildProcess): Promise<unknown> {
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`A process ended with code ${code}.`)));
  const [message] = await Promise.race([once(child, "message"), ended]);
  return message;
}

/** Kills all connections every 100 ms: by the server, by a reset, or by a reset when some replies have been lost. */
function disturb(server: RedisServer, proxy: FaultProxy): { end(): Promise<number> } {
  let isOver = false;
  const kinds = [
    () => server.command("client", "kill", "type", "normal"),
    async () => proxy.resetAll(),
    async () => {
      proxy.dropReplies(true);
      await pause(10);
      proxy.dropReplies(false);
      proxy.resetAll();
    },
  ];

  async function run(): Promise<number> {
    for (let times = 0; ; times++) {
      await pause(100);
      if (isOver) return times;
      await kinds[times % kinds.length]?.();
    }
  }

  const running = run();
  return {
    end() {
      isOver = true;
      return running;
    },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
