import { createHook } from "node:async_hooks";

/** The costs of one operation that do not depend on the speed of the machine. */
export interface Cost {
  /** Promises, that of whoever awaits the operation included. */
  readonly promises: number;
  readonly timers: number;
  /** Bytes allocated on the heap; what lies in array buffers is not counted. */
  readonly heapBytes: number;
}

export interface MeasuredOperation {
  readonly name: string;
  run(): unknown;
  /** Takes the result to the next run, uncounted. */
  note?(result: unknown): void;
}

const warmUpRuns = 2000;
const countRounds = 3;
const runsPerCountRound = 100;
const heapRounds = 12;
const runsPerHeapRound = 400;

/** Needs a process of its own, so that nobody else's promises and bytes count, with the {@link flags}. */
export async function measure(operation: MeasuredOperation): Promise<Cost> {
  await repeat(operation, warmUpRuns);
  // Bytes first: the hook that counts promises changes how they are made.
  return { heapBytes: await heapBytesOf(operation), ...(await countsOf(operation)) };
}

/** Exposes `gc` and lets a round fit into the young generation, so that nothing is collected meanwhile. */
export const flags: readonly string[] = ["--expose-gc", "--min-semi-space-size=128", "--max-semi-space-size=256"];

/** The least of some rounds, because the compiler allocates as well. */
async function heapBytesOf(operation: MeasuredOperation): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let round = 0; round < heapRounds; round += 1) {
    globalThis.gc?.();
    const before = process.memoryUsage().heapUsed;
    await repeat(operation, runsPerHeapRound);
    least = Math.min(least, process.memoryUsage().heapUsed - before);
  }
  return Math.round(least / runsPerHeapRound);
}

/** The least of some rounds, so that what is made once in a while is not counted. */
async function countsOf(operation: MeasuredOperation): Promise<Omit<Cost, "heapBytes">> {
  const least = { promises: Number.POSITIVE_INFINITY, timers: Number.POSITIVE_INFINITY };
  for (let round = 0; round < countRounds; round += 1) {
    const { promises, timers } = await countRound(operation);
    least.promises = Math.min(least.promises, promises);
    least.timers = Math.min(least.timers, timers);
  }
  return least;
}

async function countRound(operation: MeasuredOperation): Promise<Omit<Cost, "heapBytes">> {
  const counts = { promises: 0, timers: 0 };
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE") counts.promises += 1;
      if (type === "Timeout") counts.timers += 1;
    },
  });
  hook.enable();
  await repeat(operation, runsPerCountRound);
  hook.disable();
  return { promises: perRun(counts.promises), timers: perRun(counts.timers) };
}

function perRun(count: number): number {
  return Math.round((10 * count) / runsPerCountRound) / 10;
}

async function repeat(operation: MeasuredOperation, runs: number): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    const result = await operation.run();
    operation.note?.(result);
  }
}
