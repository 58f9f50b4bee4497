import { Bench } from "tinybench";

/** One variant of a question. */
export interface Row {
  readonly name: string;
  /** Called again and again; what it returns is awaited. */
  run(): unknown;
  /** Brings about what `run` needs, unmeasured, before each round. */
  prepare?(): Promise<void>;
}

export interface Effort {
  /** Rounds that count; one more goes before them, so that the compiler has seen every row. */
  readonly rounds: number;
  /** How often a round calls each row. */
  readonly callsPerRound: number;
  /** How many calls are under way at a time. */
  readonly concurrency: number;
  /**
   * How many operations one call makes, for operations that are shorter than the timer can tell. The percentiles are then
   * those of the mean within a call.
   */
  readonly operationsPerCall: number;
}

/** Medians over the rounds. */
export interface Comparison {
  readonly name: string;
  /** Operations per second as a part of those of the floor, which is the first row, in the same round. */
  readonly ratio: number;
  readonly operationsPerSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

type Sample = Omit<Comparison, "name" | "ratio">;

/** Measures the rows side by side: in each round every one, beginning with another one each time. */
export async function compare(rows: readonly Row[], effort: Effort): Promise<Comparison[]> {
  await measureRound(rows, effort);
  const rounds: Map<Row, Sample>[] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    const first = round % rows.length;
    rounds.push(await measureRound([...rows.slice(first), ...rows.slice(0, first)], effort));
  }
  return rows.map((row) => {
    const samples = rounds.map((round) => sampleOf(round, row));
    const ratios = rounds.map(
      (round) => sampleOf(round, row).operationsPerSecond / sampleOf(round, rows[0]).operationsPerSecond,
    );
    return {
      name: row.name,
      ratio: median(ratios),
      operationsPerSecond: median(samples.map((sample) => sample.operationsPerSecond)),
      p50Ms: median(samples.map((sample) => sample.p50Ms)),
      p99Ms: median(samples.map((sample) => sample.p99Ms)),
    };
  });
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

async function measureRound(rows: readonly Row[], effort: Effort): Promise<Map<Row, Sample>> {
  const samples = new Map<Row, Sample>();
  for (const row of rows) samples.set(row, await measure(row, effort));
  return samples;
}

async function measure(row: Row, { callsPerRound, concurrency, operationsPerCall }: Effort): Promise<Sample> {
  const bench = new Bench({
    warmup: false,
    time: 0,
    iterations: callsPerRound,
    concurrency: concurrency === 1 ? null : "task",
    threshold: concurrency,
    throws: true,
  });
  let startedAt = 0;
  let elapsedMs = 0;
  bench.add(row.name, () => row.run(), {
    async: true,
    async beforeAll() {
      await row.prepare?.();
      startedAt = performance.now();
    },
    // By the clock on the wall: where calls overlap, their own times say nothing about how many there were.
    afterAll() {
      elapsedMs = performance.now() - startedAt;
    },
  });
  const [task] = await bench.run();
  if (task?.result.state !== "completed") throw new Error(`"${row.name}" was not measured.`);
  return {
    operationsPerSecond: (callsPerRound * operationsPerCall * 1000) / elapsedMs,
    p50Ms: task.result.latency.p50 / operationsPerCall,
    p99Ms: task.result.latency.p99 / operationsPerCall,
  };
}

function sampleOf(round: Map<Row, Sample>, row: Row | undefined): Sample {
  const sample = row && round.get(row);
  if (sample === undefined) throw new Error("A round has not measured all rows.");
  return sample;
}
