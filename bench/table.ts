import type { Comparison } from "./measure.ts";

const nameWidth = 66;
const cellWidth = 12;

/** Prints a table of numbers that fits into 120 columns. */
export function printTable(
  title: string,
  columns: readonly string[],
  rows: readonly { readonly name: string; readonly cells: readonly string[] }[],
): void {
  console.log(`\n${line(title, columns)}`);
  for (const { name, cells } of rows) console.log(line(`  ${name}`, cells));
}

export function printComparisons(title: string, comparisons: readonly Comparison[]): void {
  printTable(
    title,
    ["ratio", "ops/s", "p50 µs", "p99 µs"],
    comparisons.map(({ name, ratio, operationsPerSecond, p50Ms, p99Ms }) => ({
      name,
      cells: [ratio, operationsPerSecond, p50Ms * 1000, p99Ms * 1000].map(formatNumber),
    })),
  );
}

/** Three digits that count, and thousands apart: `0.0512`, `12.3`, `104,000`. */
export function formatNumber(value: number): string {
  return value.toLocaleString("en", { maximumSignificantDigits: 3 });
}

function line(name: string, cells: readonly string[]): string {
  return name.padEnd(nameWidth) + cells.map((cell) => cell.padStart(cellWidth)).join("");
}
