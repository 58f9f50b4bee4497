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
const countedRuns = 200;
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

async function countsOf(operation: MeasuredOperation): Promise<Omit<Cost, "heapBytes">> {
  const counts = { promises: 0, timers: 0 };
  const hook = createHook({
    init(_id, type) {
      if (type === "PROMISE") counts.promises += 1;
      if (type === "Timeout") counts.timers += 1;
    },
  });
  hook.enable();
  await repeat(operation, countedRuns);
  hook.disable();
  return { promises: perRun(counts.promises), timers: perRun(counts.timers) };
}

/** Rounded, so that what is made once in a while is not counted. */
function perRun(count: number): number {
  return Math.round((10 * count) / countedRuns) / 10;
}

async function repeat(operation: MeasuredOperation, runs: number): Promise<void> {
  for (let run = 0; run < runs; run += 1) {
    const result = await operation.run();
    operation.note?.(result);
  }
}
