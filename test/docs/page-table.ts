import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

/** A table of a page. */
export interface PageTable {
  /** The page, by its path from the top of the repository. */
  readonly page: string;
  /** The heading of its first column. */
  readonly heading: string;
}

/**
 * Holds one row of a table against what the run has found. With `TABLES=write` (`npm run tables`) the row is put there.
 *
 * @param row - Is found by its first cell.
 * @param moving - A column that changes from one day to the next without a change here: it is written, and not compared.
 */
export function expectRow(table: PageTable, row: readonly string[], moving?: number): void {
  if (process.env.TABLES === "write") writeRow(table, row);
  expect(rowsOf(table)).toContainEqual(row.map((cell, column) => (column === moving ? expect.any(String) : cell)));
}

/** Returns the rows of a table, cell by cell. */
export function rowsOf(table: PageTable): string[][] {
  const { lines, first, end } = find(table);
  return lines.slice(first, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** Writes in one synchronous step, as several test files may do it at a time. */
function writeRow(table: PageTable, row: readonly string[]): void {
  const { lines, first, end } = find(table);
  const line = `| ${row.join(" | ")} |`;
  const place = lines.findIndex((each, index) => index >= first && index < end && each.startsWith(`| ${row[0]} |`));
  if (place === -1) lines.splice(end, 0, line);
  else lines[place] = line;
  writeFileSync(pathOf(table), lines.join("\n"));
}

function find(table: PageTable): { lines: string[]; first: number; end: number } {
  const lines = readFileSync(pathOf(table), "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${table.heading} |`)) + 2; // below the heading and its rule
  if (first === 1) throw new Error(`${table.page} has no table of a ${table.heading}.`);
  const end = lines.findIndex((line, index) => index >= first && !line.startsWith("|"));
  return { lines, first, end };
}

function pathOf({ page }: PageTable): URL {
  return new URL(`../../${page}`, import.meta.url);
}
