// @module-tag real-time

import { expect, test } from "vitest";
import { startProcess } from "../../processes/processes.ts";
import { openBareRedis } from "../../redis/bare-redis.ts";
import { openScene } from "../../redis/scene.ts";
import { type Line, names, startLine } from "./line.ts";
import type { Progress } from "./turns.child.ts";

// Four processes, each with 16 callers, change one session. They take turns, by a roster in the same store; and where there can be
// no roster, or somebody does not heed it, nothing is lost.

const { server } = await openScene();

test("each of the processes that take turns makes progress, and hardly any change is repeated; without rosters many are (laws 85 and 88)", async () => {
  const without = await outcomeOf(await withoutRosters());
  const outcome = await outcomeOf(await startLine(server, server.url, 2000));
  console.info(`without rosters: ${textOf(without)}\nwith rosters: ${textOf(outcome)}`);
  expect(quantile(without.tries, 0.99)).toBeGreaterThan(quantile(outcome.tries, 0.99));
  expect(quantile(outcome.tries, 0.5)).toBe(1);
  expect(quantile(outcome.tries, 0.99)).toBeLessThanOrEqual(4);
  expect(Math.min(...outcome.updates)).toBeGreaterThan(Math.max(...outcome.updates) / 2);
}, 60_000);

test("a process that stops while it has the turn stops no other (law 85)", async () => {
  await using line = await startLine(server, server.url, 3000);
  const holder = await line.first();
  process.kill(holder.pid, "SIGSTOP");
  try {
    await expect.poll(() => progressOfOthers(line), { timeout: 2000 }).toBeGreaterThan(500);
  } finally {
    process.kill(holder.pid, "SIGCONT");
  }
  await outcomeOf(line);
}, 60_000);

test("a process that dies while it has the turn stops no other (law 85)", async () => {
  await using line = await startLine(server, server.url, 2000);
  const holder = await line.first();
  process.kill(holder.pid, "SIGKILL");
  await expect.poll(() => progressOfOthers(line), { timeout: 2000 }).toBeGreaterThan(500);
  const outcome = await outcomeOf(line);
  expect(outcome.updates.filter((updates) => updates > 0)).toHaveLength(3);
}, 60_000);

test("a writer that compares and sets without a roster loses nothing, and stops no other (law 85)", async () => {
  await using line = await startLine(server, server.url, 2000);
  const written = await compareAndSetFor(1000, line.key);
  const { counts, updates } = await outcomeOf(line);
  expect(written).toBeGreaterThan(0);
  expect(counts.foreign).toBe(written);
  expect(Math.min(...updates)).toBeGreaterThan(0);
}, 60_000);

test("a process with nothing else to do lives until a change that waits for its turn is stored", async () => {
  using waiting = startProcess(new URL("./waiting.child.ts", import.meta.url), {});
  expect(await waiting.next()).toBe("done");
}, 60_000);

/** The rights of its user are those to the sessions, and to nothing beside them. */
async function withoutRosters(): Promise<Line> {
  await server.command("acl", "setuser", "app", "on", ">secret", "~sess:*", "+@all");
  return startLine(server, server.url.replace("//", "//app:secret@"), 2000);
}

/** Waits for the end, and for what is stored to be just what was acknowledged. */
async function outcomeOf(line: Line) {
  await using _ = line;
  const reports = await Promise.all(line.writers.map(({ progress }) => progress));
  const counts = await line.counts();
  for (const [place, report] of reports.entries()) {
    if (report) expect(counts[names[place] ?? ""]).toBe(report.updates);
  }
  const survivors = reports.filter((report) => report !== undefined);
  return { counts, updates: survivors.map(({ updates }) => updates), tries: survivors.flatMap(({ tries }) => tries) };
}

/** The number of changes that have been made since this was asked first. */
const seenFirst = new WeakMap<Line, number>();
async function progressOfOthers(line: Line): Promise<number> {
  const now = Object.values(await line.counts()).reduce((sum, each) => sum + each, 0);
  if (!seenFirst.has(line)) seenFirst.set(line, now);
  return now - (seenFirst.get(line) ?? 0);
}

const compareAndSet = `
if redis.call("get", KEYS[1]) ~= ARGV[1] then return 0 end
redis.call("set", KEYS[1], ARGV[2], "keepttl")
return 1`;

/** Adds 1 to an attribute for a while, as somebody would who knows of no rosters. Resolves to how often that was stored. */
async function compareAndSetFor(ms: number, key: string): Promise<number> {
  using client = openBareRedis(server.url);
  let written = 0;
  for (const endsAt = performance.now() + ms; performance.now() < endsAt; ) {
    const found = (await client.get(key)) ?? "";
    const session = JSON.parse(found);
    const next = JSON.stringify({ ...session, foreign: session.foreign + 1 });
    written += Number(await client.eval(compareAndSet, 1, key, found, next));
  }
  return written;
}

function textOf({ tries, updates }: Pick<Progress, "tries"> & { readonly updates: readonly number[] }): string {
  const slowest = Math.min(...updates) / Math.max(...updates);
  return `tries ${quantile(tries, 0.5)} (median), ${quantile(tries, 0.99)} (99 %), updates ${updates}, slowest/fastest ${slowest.toFixed(2)}`;
}

function quantile(numbers: readonly number[], part: number): number {
  const sorted = numbers.toSorted((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) * part)] ?? Number.NaN;
}
