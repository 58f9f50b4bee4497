/** Measures every row in each round, one after the other, after one round that does not count. */
export async function inTurns<Row, Measured>(
  rows: readonly Row[],
  rounds: number,
  measure: (row: Row) => Promise<Measured>,
): Promise<Measured[][]> {
  const samples: Measured[][] = rows.map(() => []);
  for (let round = -1; round < rounds; round += 1) {
    for (const [place, row] of rows.entries()) {
      const sample = await measure(row);
      if (round >= 0) samples[place]?.push(sample);
    }
  }
  return samples;
}
