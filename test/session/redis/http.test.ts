import session from "express-session";
import { createExpressStore } from "sessionwire/express";
import { createMemoryHandler } from "sessionwire/memory";
import { expect, test } from "vitest";
import { startProxy } from "../../faults/proxy.ts";
import { startProcess } from "../../processes/processes.ts";
import { openScene } from "../../redis/scene.ts";
import { enter, post, sessionOf, startApplication } from "./application.ts";
import { overlapping } from "./overlapping.ts";

const { server } = await openScene();
const names = ["first", "second"];
/** In each application so many requests are under way at once, each of which counts in a member of its own. */
const lanes = 4;

test("two applications on connect-redis, in two processes, lose members of each other's sessions", async () => {
  await using proxy = await startProxy(server);
  proxy.delayMs = 1; // so that the requests overlap on any machine
  const counts = await addInTwoProcesses(proxy.url, 200, "connect-redis");
  expect(sum(counts)).toBeGreaterThan(0);
  expect(sum(counts)).toBeLessThan(400);
  console.info(`connect-redis in two processes: ${400 - sum(counts)} of 400 members lost`);
}, 60_000);

test("two applications on one MemoryStore in one process lose members of each other's sessions", async () => {
  const store = new session.MemoryStore();
  await using first = await startApplication(store);
  await using second = await startApplication(store);
  const counts = await addInBoth([first.url, second.url], 200);
  expect(sum(counts)).toBeLessThan(400);
  console.info(`MemoryStore in one process: ${400 - sum(counts)} of 400 members lost`);
});

test("two applications in two processes lose no concurrent change of a session (law 85)", async () => {
  const start = performance.now();
  const counts = await addInTwoProcesses(server.url, 1000, "sessionwire");
  expect(counts).toEqual(Array.from({ length: 2 * lanes }, () => 1000 / lanes));
  console.info(`two processes over HTTP: 0 of 2000 members lost, ${Math.round(performance.now() - start)} ms`);
}, 60_000);

test("two applications on one memory lose no concurrent change of a session (law 85)", async () => {
  const handler = createMemoryHandler();
  await using first = await startApplication(createExpressStore(overlapping(handler)));
  await using second = await startApplication(createExpressStore(overlapping(handler)));
  const counts = await addInBoth([first.url, second.url], 1000);
  expect(counts).toEqual(Array.from({ length: 2 * lanes }, () => 1000 / lanes));
}, 60_000);

async function addInTwoProcesses(redisUrl: string, times: number, store: string): Promise<number[]> {
  const env = { REDIS_URL: redisUrl, STORE: store };
  using first = startProcess(new URL("./application.child.ts", import.meta.url), env);
  using second = startProcess(new URL("./application.child.ts", import.meta.url), env);
  return await addInBoth(await Promise.all([first.next<string>(), second.next<string>()]), times);
}

/** Adds so many times in each of the two applications, to the session of one cookie. Gives what has been counted. */
async function addInBoth(urls: readonly [string, string], times: number): Promise<number[]> {
  const cookie = await enter(urls[0]);
  const running = urls.flatMap((url, place) =>
    Array.from({ length: lanes }, async (_, lane) => {
      for (let n = 0; n < times / lanes; n++) await post(url, `/add/${names[place]}-${lane}`, cookie);
    }),
  );
  await Promise.all(running);
  const found = await sessionOf(urls[0], cookie);
  return names.flatMap((name) => Array.from({ length: lanes }, (_, lane) => Number(found[`${name}-${lane}`] ?? 0)));
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
