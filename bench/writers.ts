import { median } from "./measure.ts";

/** A way to add one to a count in a session. */
export interface Counter {
  readonly name: string;
  /** Makes the sessions, each with a count of 0. */
  prepare(sessions: number): Promise<void>;
  increment(session: number): Promise<unknown>;
  /** The sum of all counts. */
  total(): Promise<number>;
}

export interface Writers {
  readonly writers: number;
  readonly sessions: number;
  readonly increments: number;
  readonly rounds: number;
}

/** Medians over the rounds. */
export interface WritersResult {
  readonly name: string;
  /** Increments per second, as a part of those of the floor in the same round. */
  readonly ratio: number;
  readonly incrementsPerSecond: number;
  /** Of a hundred increments that were acknowledged, so many are not in the end. */
  readonly lostPercent: number;
}

/** Lets writers overlap, each adding one again and again; in each round every counter, the floor first. */
export async function compareWriters(counters: readonly Counter[], effort: Writers): Promise<WritersResult[]> {
  for (const counter of counters) await measure(counter, { ...effort, increments: effort.increments / 10 });
  const rounds: { readonly speed: number; readonly lost: number }[][] = [];
  for (let round = 0; round < effort.rounds; round += 1) {
    const results: { readonly speed: number; readonly lost: number }[] = [];
    for (const counter of counters) results.push(await measure(counter, effort));
    rounds.push(results);
  }
  return counters.map(({ name }, place) => ({
    name,
    ratio: median(rounds.map((results) => speedOf(results, place) / speedOf(results, 0))),
    incrementsPerSecond: median(rounds.map((results) => speedOf(results, place))),
    lostPercent: median(rounds.map((results) => (results[place]?.lost ?? Number.NaN) * 100)),
  }));
}

async function measure(
  counter: Counter,
  { writers, sessions, increments }: Writers,
): Promise<{ readonly speed: number; readonly lost: number }> {
  await counter.prepare(sessions);
  let done = 0;
  const startedAt = performance.now();
  const write = async () => {
    while (done < increments) {
      done += 1;
      await counter.increment(done % sessions);
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
  const seconds = (performance.now() - startedAt) / 1000;
  return { speed: done / seconds, lost: 1 - (await counter.total()) / done };
}

function speedOf(results: readonly { readonly speed: number }[], place: number): number {
  return results[place]?.speed ?? Number.NaN;
}
