import { createSessionManager, expressFormat, nativeFormat } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { createRedisHandler } from "sessionwire/redis";
import { symfonyFormat } from "sessionwire/symfony";
import { describe, expect, test } from "vitest";
import { startProxy } from "../../faults/proxy.ts";
import { runTogether } from "../../processes/processes.ts";
import { openScene } from "../../redis/scene.ts";
import { freshId } from "../../redis/session-data.ts";
import { countConflicts } from "./conflicts.ts";
import { overlapping, unconditional } from "./overlapping.ts";
import { type Counts, present, type Way, writers } from "./writers.ts";

const { server } = await openScene();
const names = ["first", "second"];
const times = 1000;
const ways = Object.keys(writers) as Way[];
const formats = { native: nativeFormat, express: expressFormat, symfony: () => symfonyFormat({ serializer: "php" }) };

test("two processes that GET and SET a session lose each other's attributes", async () => {
  await using proxy = await startProxy(server);
  proxy.delayMs = 1; // so that the two overlap on any machine
  const fewer = 200;
  const id = freshId();
  await runTogether(new URL("./writer.child.ts", import.meta.url), names, {
    REDIS_URL: proxy.url,
    SESSION_ID: id,
    TIMES: `${fewer}`,
    WAY: "bare",
  });
  const counts: Counts = JSON.parse(String(await server.command("get", id)));
  const kept = sum(counts);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(2 * fewer);
  console.info(`bare GET and SET of two processes, each its own attribute: ${2 * fewer - kept} of ${2 * fewer} lost`);
}, 60_000);

describe.each(["native", "express", "symfony"] as const)("in the %s format", (name) => {
  const format = formats[name];

  test.each(ways)("two processes that change different attributes lose nothing: %s (laws 85 and 101)", async (way) => {
    await using sessions = createSessionManager<Counts>({
      handler: createRedisHandler(server.url),
      format: format(),
    });
    const id = await createIn(sessions);
    const env = { REDIS_URL: server.url, SESSION_ID: id, TIMES: `${times}`, WAY: way, FORMAT: name };
    const start = performance.now();
    const conflicts = sum(await runTogether<number>(new URL("./writer.child.ts", import.meta.url), names, env));
    const ms = Math.round(performance.now() - start);
    expect(await countsOf(sessions, id)).toEqual({ first: times, second: times });
    expect(conflicts).toBeGreaterThan(0);
    console.info(`${name}, ${way}: 0 of ${2 * times} lost, ${conflicts} conflicts, ${ms} ms with the start`);
  });

  test.each(ways)("two managers of one memory that change different attributes lose nothing: %s", async (way) => {
    const handler = countConflicts(overlapping(createMemoryHandler()));
    const both = names.map(() => createSessionManager<Counts>({ handler, format: format() }));
    const [sessions] = both as [(typeof both)[0]];
    const id = await createIn(sessions);
    await Promise.all(both.map((each) => each.open(id)));
    await Promise.all(both.map((each, place) => writers[way](each, id, names[place] ?? "", times)));
    expect(await countsOf(sessions, id)).toEqual({ first: times, second: times });
    expect(handler.conflicts()).toBeGreaterThan(0);
    console.info(`memory, ${name}, ${way}: 0 of ${2 * times} lost, ${handler.conflicts()} conflicts`);
    await Promise.all(both.map((each) => each.close()));
  });
});

test("two managers of one memory with unconditional writes lose each other's attributes", async () => {
  await using handler = createMemoryHandler();
  const both = names.map(() => createSessionManager<Counts>({ handler: overlapping(unconditional(handler)) }));
  const [sessions] = both as [(typeof both)[0]];
  const id = await createIn(sessions);
  await Promise.all(both.map((each) => each.open(id))); // so that none waits for the hash of the id when they begin
  await Promise.all(both.map((each, place) => writers.reopened(each, id, names[place] ?? "", 200)));
  const kept = sum((await countsOf(sessions, id)) as Counts);
  expect(kept).toBeGreaterThan(0);
  expect(kept).toBeLessThan(400);
  console.info(`memory without a condition: ${400 - kept} of 400 lost`);
});

async function createIn(sessions: ReturnType<typeof createSessionManager<Counts>>): Promise<string> {
  const session = await sessions.create();
  session.set("first", 0);
  await session.save();
  return session.id;
}

async function countsOf(sessions: ReturnType<typeof createSessionManager<Counts>>, id: string) {
  const session = await present(sessions.open(id));
  return Object.fromEntries(session.names().map((name) => [name, session.get(name)]));
}

function sum(numbers: Counts | readonly number[]): number {
  return Object.values(numbers).reduce((total: number, each: number) => total + each, 0);
}
