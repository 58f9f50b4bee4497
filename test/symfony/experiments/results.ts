import { expect } from "vitest";
import { expectRow, type PageTable, rowsOf } from "../../docs/page-table.ts";

/** The number of lost changes, of all. */
export interface Count {
  readonly lost: number;
  readonly of: number;
}

const table: PageTable = { page: "docs/symfony.md", heading: "Symfony's sessions, and the writer beside it" };

/** Returns the sum of several counts. */
export function sumOf(counts: readonly Count[]): Count {
  return counts.reduce((sum, { lost, of }) => ({ lost: sum.lost + lost, of: sum.of + of }), { lost: 0, of: 0 });
}

/**
 * Holds counts against a row of the page. With `TABLES=write`, the row is put there. The last two counts are of writers
 * that meet by chance, of which only a zero is certain.
 */
export function expectCounts(name: string, counts: readonly Count[]): void {
  const cells = counts.map(({ lost, of }) => `${lost} of ${of}`);
  if (process.env.TABLES === "write") expectRow(table, [name, ...cells]);
  const [, ...stated] = rowsOf(table).find(([first]) => first === name) ?? [];
  expect(stated).toHaveLength(counts.length);
  counts.forEach((count, column) => {
    const isByChance = column >= counts.length - 2;
    const [lost, of] = (stated[column] ?? "").split(" of ").map(Number);
    if (lost === 0 || !isByChance) expect(count.lost / count.of, `column ${column}`).toBe(Number(lost) / Number(of));
  });
}
