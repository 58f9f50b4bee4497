import type { Connections } from "../sessions/connections.ts";
import { storeJson, storeNative, totalOfJson, totalOfManager } from "../sessions/stored.ts";
import type { BenchProcess } from "../tools/children.ts";
import { kilobyte } from "../tools/content.ts";
import { median, quantile, sum } from "../tools/numbers.ts";
import type { TableRow } from "../tools/report.ts";
import type { WritersJob, WritersResult, WriterVariant } from "./writer.child.ts";

interface Effort {
  readonly writers: number;
  readonly sessions: number;
  readonly rounds: number;
  readonly milliseconds: number;
}

interface Sample {
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly lost: number;
  readonly updates: number;
  readonly slowestToFastest: number;
  readonly tries: readonly number[];
  readonly latenciesMs: readonly number[];
}

const variants: readonly { readonly variant: WriterVariant; readonly name: string }[] = [
  { variant: "lossy", name: "GET and SET of JSON, loses" },
  { variant: "native", name: "update, native format" },
  { variant: "express", name: "update, format of express" },
];

export const writersColumns: readonly string[] = [
  "upd/s",
  "upd/s ×",
  "CPU µs",
  "lost %",
  "tries",
  "tries 99%",
  "ms 99%",
  "slow/fast",
];

/**
 * Lets all processes write at the same time, one variant after the other in each round, after one round that does not
 * count.
 */
export async function compareWriters(
  connections: Connections,
  processes: readonly BenchProcess[],
  effort: Effort,
): Promise<TableRow[]> {
  const samples: Sample[][] = variants.map(() => []);
  for (let round = -1; round < effort.rounds; round += 1) {
    for (const [place, { variant }] of variants.entries()) {
      const sample = await measure(connections, processes, variant, effort);
      if (round >= 0) samples[place]?.push(sample);
    }
  }
  return variants.map(({ name }, place) => ({ name, values: valuesOf(samples[place] ?? [], samples[0] ?? []) }));
}

/** Returns the values of {@link writersColumns}. */
function valuesOf(samples: readonly Sample[], floor: readonly Sample[]): number[] {
  const of = (pick: (sample: Sample) => number) => samples.map(pick);
  const tries = samples.flatMap((sample) => sample.tries);
  return [
    median(of(({ perSecond }) => perSecond)),
    median(samples.map(({ perSecond }, round) => perSecond / (floor[round]?.perSecond ?? Number.NaN))),
    quantile(
      of(({ cpuMicroseconds }) => cpuMicroseconds),
      0.2,
    ),
    (sum(of(({ lost }) => lost)) / sum(of(({ updates }) => updates))) * 100,
    median(tries),
    quantile(tries, 0.99),
    quantile(
      samples.flatMap(({ latenciesMs }) => latenciesMs),
      0.99,
    ),
    median(of(({ slowestToFastest }) => slowestToFastest)),
  ];
}

async function measure(
  connections: Connections,
  processes: readonly BenchProcess[],
  variant: WriterVariant,
  effort: Effort,
): Promise<Sample> {
  const { ids, total } = await storeFor(connections, variant, effort.sessions);
  const { writers, milliseconds } = effort;
  const job: WritersJob = { variant, ids, writers, milliseconds };
  const results = await Promise.all(processes.map((process) => process.ask<WritersResult>(job)));
  const updates = results.map((result) => result.updates);
  const lost = sum(updates) - (await total());
  if (variant !== "lossy" && lost !== 0) throw new Error(`Of ${sum(updates)} updates, ${lost} were lost.`);
  return {
    lost,
    updates: sum(updates),
    perSecond: (sum(updates) / milliseconds) * 1000,
    cpuMicroseconds: sum(results.map((result) => result.cpuMicroseconds)) / sum(updates),
    slowestToFastest: Math.min(...updates) / Math.max(...updates),
    tries: results.flatMap((result) => result.tries),
    latenciesMs: results.flatMap((result) => result.latenciesMs),
  };
}

/** Stores sessions with a count of 0, and later returns the sum of their counts. */
async function storeFor({ raw, openNative }: Connections, variant: WriterVariant, sessions: number) {
  const amount = { sessions, bytes: kilobyte };
  if (variant === "native") {
    const ids = await storeNative(openNative(), amount);
    return { ids, total: () => totalOfManager(openNative(), ids) };
  }
  const ids = await storeJson(raw, "sess:", amount);
  return { ids, total: () => totalOfJson(raw, "sess:", ids) };
}
