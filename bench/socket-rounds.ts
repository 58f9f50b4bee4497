import { median } from "./measure.ts";

/** What is measured of a row in a round. */
type Sample = { readonly perSecond: number } & Readonly<Record<string, number>>;

/** As {@link inTurns}, after one round that does not count, in which the compiler sees every row. */
export async function inTurnsWarm<Row, Measured>(
  rows: readonly Row[],
  rounds: number,
  measure: (row: Row) => Promise<Measured>,
): Promise<Measured[][]> {
  await inTurns(rows, 1, measure);
  return inTurns(rows, rounds, measure);
}

/** Measures every row in each round, beginning with another one each time. */
export async function inTurns<Row, Measured>(
  rows: readonly Row[],
  rounds: number,
  measure: (row: Row) => Promise<Measured>,
): Promise<Measured[][]> {
  const samples: Measured[][] = rows.map(() => []);
  for (let round = 0; round < rounds; round += 1) {
    for (let turn = 0; turn < rows.length; turn += 1) {
      const place = (turn + round) % rows.length;
      const sample = await measure(rows[place] as Row); // there are as many places as rows
      samples[place]?.push(sample);
    }
  }
  return samples;
}

/** The medians of each row, and of its speed as a part of that of the floor in the same round. */
export function compareSamples<Measured extends Sample>(
  samples: readonly Measured[][],
): (Measured & { ratio: number })[] {
  const [floor = []] = samples;
  return samples.map((row) => ({
    ...mediansOf(row),
    ratio: median(row.map(({ perSecond }, round) => perSecond / (floor[round]?.perSecond ?? Number.NaN))),
  }));
}

export function mediansOf<Measured extends Readonly<Record<string, number>>>(samples: readonly Measured[]): Measured {
  const names = Object.keys(samples[0] ?? {});
  const medians = names.map((name) => [name, median(samples.map((sample) => sample[name] ?? Number.NaN))]);
  return Object.fromEntries(medians) as Measured; // it has the same names
}
