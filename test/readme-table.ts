import { readFileSync, writeFileSync } from "node:fs";
import { expect } from "vitest";

const file = new URL("../README.md", import.meta.url);

/**
 * Holds one row of a table in the README against what the run has found. With `TABLES=write` (`npm run tables`) the row is put there.
 *
 * @param table - The heading of its first column.
 * @param row - Is found by its first cell.
 * @param moving - A column that changes from one day to the next without a change here: it is written, and not compared.
 */
export function expectRow(table: string, row: readonly string[], moving?: number): void {
  if (process.env.TABLES === "write") writeRow(table, row);
  expect(rowsOf(table)).toContainEqual(row.map((cell, column) => (column === moving ? expect.any(String) : cell)));
}

/** The rows of a table in the README, cell by cell. */
export function rowsOf(table: string): string[][] {
  const { lines, first, end } = find(table);
  return lines.slice(first, end).map((line) =>
    line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** In one synchronous step, as several test files may do it at a time. */
function writeRow(table: string, row: readonly string[]): void {
  const { lines, first, end } = find(table);
  const line = `| ${row.join(" | ")} |`;
  const place = lines.findIndex((each, index) => index >= first && index < end && each.startsWith(`| ${row[0]} |`));
  if (place === -1) lines.splice(end, 0, line);
  else lines[place] = line;
  writeFileSync(file, lines.join("\n"));
}

function find(table: string): { lines: string[]; first: number; end: number } {
  const lines = readFileSync(file, "utf8").split("\n");
  const first = lines.findIndex((line) => line.startsWith(`| ${table} |`)) + 2; // below the heading and its rule
  if (first === 1) throw new Error(`The README has no table of a ${table}.`);
  const end = lines.findIndex((line, index) => index >= first && !line.startsWith("|"));
  return { lines, first, end };
}
