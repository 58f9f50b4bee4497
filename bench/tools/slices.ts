import { collectYoung } from "./collect.ts";
import { median, quantile, sum } from "./numbers.ts";
import type { Table } from "./report.ts";

/** One variant of a question. */
export interface Row {
  readonly name: string;
  /** Does one operation. Resolves to a falsy value, or rejects, if the work was not done, which must not look fast. */
  run(): Promise<unknown>;
  /** Prepares the row once, unmeasured. */
  setUp?(): Promise<unknown>;
  /** Prepares the row before each slice, unmeasured. */
  prepare?(): unknown;
  /** Checks the stored data after this many operations, and throws if it does not match them. */
  verify?(operations: number): Promise<void>;
  /** The number of operations per call, for operations too short for a clock. */
  readonly operationsPerRun?: number;
}

export interface Effort {
  /** Number of rounds that count. */
  readonly rounds: number;
  /** Number of preceding rounds that do not count. {@link WARM_UP_ROUNDS} by default. */
  readonly warmUpRounds?: number;
  /** Duration of a slice of one row. */
  readonly sliceMs: number;
  /** Number of operations under way at the same time. */
  readonly concurrency: number;
  /** Ends a slice early, for rows that have material for a limited number of operations. */
  readonly maxRuns?: number;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
}

/** Number of rounds that do not count, so that the compiler has seen every row. */
export const WARM_UP_ROUNDS = 4;

export const sliceColumns: readonly string[] = ["CPU µs", "80 %", "CPU ×", "ops/s", "ops/s ×"];

/**
 * Measures rows side by side, the floor first, in short slices that take turns: anything that slows the machine slows
 * all of them. Processor time counts the whole process, including garbage collection; its 20th percentile is the value
 * least affected by noise.
 */
export async function compareRows(id: string, title: string, rows: readonly Row[], effort: Effort): Promise<Table> {
  const operations = new Map(rows.map((row) => [row, 0]));
  const measure = async (row: Row): Promise<Sample> => {
    const { done, ...sample } = await measureSlice(row, effort);
    operations.set(row, (operations.get(row) ?? 0) + done);
    return sample;
  };
  for (const row of rows) await row.setUp?.();
  const { rounds, warmUpRounds = WARM_UP_ROUNDS } = effort;
  for (let round = 0; round < warmUpRounds; round += 1) for (const row of rows) await measure(row);
  const samples = new Map<Row, Sample[]>(rows.map((row) => [row, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const row of rows) samples.get(row)?.push(await measure(row));
  }
  for (const row of rows) await row.verify?.(operations.get(row) ?? 0);
  const floor = samples.get(rows[0] as Row) ?? []; // a question without rows does not exist
  return {
    id,
    title,
    columns: sliceColumns,
    rows: rows.map((row) => ({ name: row.name, values: compareSamples(samples.get(row) ?? [], floor) })),
  };
}

/** Returns the values of {@link sliceColumns}. */
export function compareSamples(samples: readonly Sample[], floor: readonly Sample[]): number[] {
  const cpu = samples.map(({ cpuMicroseconds }) => cpuMicroseconds);
  const ofFloor = floor.map(({ cpuMicroseconds }) => cpuMicroseconds);
  return [
    quantile(cpu, 0.2),
    quantile(cpu, 0.8),
    quantile(cpu, 0.2) / quantile(ofFloor, 0.2),
    median(samples.map(({ perSecond }) => perSecond)),
    median(samples.map(({ perSecond }, round) => perSecond / (floor[round]?.perSecond ?? Number.NaN))),
  ];
}

async function measureSlice(row: Row, { sliceMs, concurrency, maxRuns = Infinity }: Effort) {
  await row.prepare?.();
  collectYoung(); // no row collects the garbage of the previous one
  let runs = 0;
  const cpuBefore = process.cpuUsage();
  const startedAt = performance.now();
  const work = async () => {
    while (runs < maxRuns && performance.now() < startedAt + sliceMs) {
      runs += 1;
      if (!(await row.run())) throw new Error(`"${row.name}" has not done its work.`);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const seconds = (performance.now() - startedAt) / 1000;
  const cpu = sum(Object.values(process.cpuUsage(cpuBefore)));
  const done = runs * (row.operationsPerRun ?? 1);
  return { done, perSecond: done / seconds, cpuMicroseconds: cpu / done };
}
