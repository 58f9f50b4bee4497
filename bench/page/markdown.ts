import { formatNumber } from "../tools/numbers.ts";
import type { Table } from "../tools/report.ts";
import { type Figures, lookUp, tablesOf } from "./figures.ts";
import { summary } from "./summary.ts";
import type { SummaryLine } from "./summary-lines.ts";

/** Returns the generated part of `docs/benchmarks.md`. */
export function markdownOf(figures: Figures): string {
  const machines = new Set(Object.values(figures).map(({ machine }) => machine));
  const ratios = summary.flatMap((line) => {
    const ratio = ratioOf(figures, line);
    return ratio === undefined ? [] : [{ ...line, ratio }];
  });
  const slower = ratios.filter(({ goal, ratio }) => (goal.startsWith("≤") ? ratio > 1 : ratio < 1));
  return [
    ...machines,
    "## Summary",
    tableOf(
      ["what", "compared with", "×", "goal"],
      ratios.map(({ question, comparedWith, ratio, goal }) => [question, comparedWith, formatNumber(ratio), goal]),
    ),
    "## What is slower here, and why",
    tableOf(["why", "what (×)"], reasonsOf(slower)),
    "## All figures",
    ...tablesOf(figures).map(markdownOfTable),
  ].join("\n\n");
}

/** Returns a row for each reason. */
function reasonsOf(lines: readonly (SummaryLine & { readonly ratio: number })[]): string[][] {
  return [...new Set(lines.map(({ why }) => why))].map((reason) => {
    const what = lines.filter(({ why }) => why === reason);
    return [reason, what.map(({ question, ratio }) => `${question} (${formatNumber(ratio)})`).join("; ")];
  });
}

export function ratioOf(figures: Figures, { cell, dividedBy }: SummaryLine): number | undefined {
  const value = lookUp(figures, cell);
  if (value === undefined || dividedBy === undefined) return value;
  const divisor = lookUp(figures, dividedBy);
  return divisor === undefined ? undefined : value / divisor;
}

function markdownOfTable({ title, columns, rows }: Table): string {
  return tableOf(
    [title, ...columns],
    rows.map(({ name, values }) => [name, ...values.map(formatNumber)]),
  );
}

function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const isNumber = (column: number) => rows.some((row) => /^[\d.,]+$/.test(row[column] ?? ""));
  const rule = head.map((_, column) => (isNumber(column) ? "--:" : "---"));
  return [head, rule, ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
