import type { Measurements } from "../tools/report.ts";

/** The content of `docs/benchmarks.json`: the measurements, by the names of the benches. */
export type Figures = Readonly<Record<string, Measurements>>;

/** A row of a table, and a column of it. */
export interface Cell {
  /** The `id` of the table. */
  readonly table: string;
  readonly row: string;
  readonly column: string;
}

/** Returns the value of a cell; `undefined` if its table was not measured, for example without Valkey. */
export function lookUp(figures: Figures, { table: id, row, column }: Cell): number | undefined {
  const table = tablesOf(figures).find((one) => one.id === id);
  if (table === undefined) return undefined;
  const index = table.columns.indexOf(column);
  const value = table.rows.find(({ name }) => name === row)?.values[index];
  if (value === undefined || value === null) throw new Error(`There is no "${column}" of "${row}" in ${id}.`);
  return value;
}

export function tablesOf(figures: Figures) {
  return Object.values(figures).flatMap(({ tables }) => tables);
}
