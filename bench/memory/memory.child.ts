import { serveQuestions } from "../tools/children.ts";
import { openStore, type WorkStore } from "./stores.ts";

// Fills a store with sessions, reads and changes some for a while, and reports the cost.

/** The report of a process on its store. */
export type MemoryResult = {
  /** Reads and writes per second together, while nothing is added. */
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  /** Bytes per session, in the heap and outside. */
  readonly bytes: number;
  /** The longest time between two steps, while sessions are added, and while they are read and changed. */
  readonly longestFillMs: number;
  readonly longestLoadMs: number;
  /** The pause of the process for a full garbage collection. */
  readonly collectionMs: number;
};

const { VARIANT = "", SESSIONS = "", LOAD_MS = "" } = process.env;
const sessions = Number(SESSIONS);
const store = await openStore(VARIANT);
await warmUp();
serveQuestions(await measure(), () => {});

async function measure(): Promise<MemoryResult> {
  const usedBefore = usedMemory();
  let added = 0;
  const fill = await runFor(Number.POSITIVE_INFINITY, async () => {
    if (added === sessions) return false;
    added += 1;
    await store.create(idOf(added - 1), added);
    return true;
  });
  const bytes = (usedMemory() - usedBefore) / sessions;
  const load = await runFor(Number(LOAD_MS), () => increment(store, idOf(Math.floor(Math.random() * sessions))));
  const startedAt = performance.now();
  globalThis.gc?.();
  const collectionMs = performance.now() - startedAt;
  const operations = 2 * load.steps; // a read and a write
  return {
    perSecond: operations / load.seconds,
    cpuMicroseconds: load.cpuMicroseconds / operations,
    bytes,
    longestFillMs: fill.longestMs,
    longestLoadMs: load.longestMs,
    collectionMs,
  };
}

/** Repeats a step, 64 at a time if it waits, until it returns `false` or the time is over. */
async function runFor(milliseconds: number, step: () => Promise<boolean>) {
  let steps = 0;
  let longestMs = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  let previous = startedAt;
  const work = async () => {
    while (previous < startedAt + milliseconds && (await step())) {
      steps += 1;
      const now = performance.now();
      longestMs = Math.max(longestMs, now - previous);
      previous = now;
    }
  };
  await Promise.all(Array.from({ length: 64 }, work));
  const { user, system } = process.cpuUsage(cpuBefore);
  return { steps, longestMs, seconds: (performance.now() - startedAt) / 1000, cpuMicroseconds: user + system };
}

async function increment({ read, write }: WorkStore, id: string): Promise<boolean> {
  const session = await read(id);
  if (session === undefined) throw new Error("A session of the bench is missing.");
  return write(id, session);
}

/** Lets the compiler see all code first. */
async function warmUp(): Promise<void> {
  const other = await openStore(VARIANT);
  for (let place = 0; place < Math.min(2000, sessions); place += 1) {
    await other.create(idOf(place), place);
    await increment(other, idOf(place));
  }
}

function usedMemory(): number {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Creates an id, a new string each time, so that a store that keeps ids pays for them. */
function idOf(place: number): string {
  return `session-${place.toString(36)}`.padStart(32, "0");
}
