import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Measurements, Table } from "../tools/report.ts";
import { chartOf } from "./chart.ts";
import type { Figures } from "./figures.ts";
import { markdownOf } from "./markdown.ts";

const docs = new URL("../../docs/", import.meta.url);
const files = {
  json: new URL("benchmarks.json", docs),
  markdown: new URL("benchmarks.md", docs),
  chart: new URL("benchmarks.svg", docs),
};
const marker = "<!-- From here on, `npm run bench:all` writes this page. -->\n";

/** The page and its picture, as they are and as the figures make them. */
export interface Page {
  readonly markdown: string;
  readonly chart: string;
}

/** Replaces the earlier measurements of one bench. */
export function updateFigures(name: string, { machine, tables }: Measurements): void {
  const figures = { ...readFigures(), [name]: { machine, tables: tables.map(rounded) } };
  writeFileSync(files.json, `${JSON.stringify(figures, undefined, 1)}\n`);
}

/** Writes the generated part of the page, and its picture. */
export function writePage(): void {
  const { markdown, chart } = makePage();
  writeFileSync(files.markdown, markdown);
  writeFileSync(files.chart, chart);
}

export function readPage(): Page {
  return { markdown: readFileSync(files.markdown, "utf8"), chart: readFileSync(files.chart, "utf8") };
}

export function makePage(): Page {
  const figures = readFigures();
  const [byHand = ""] = readFileSync(files.markdown, "utf8").split(marker);
  return { markdown: `${byHand}${marker}\n${markdownOf(figures)}\n`, chart: chartOf(figures) };
}

function readFigures(): Figures {
  return existsSync(files.json) ? JSON.parse(readFileSync(files.json, "utf8")) : {};
}

/** Rounds to four digits, which is more precision than a measurement has. */
function rounded(table: Table): Table {
  const round = (value: number | null) => value && Number(value.toPrecision(4));
  return { ...table, rows: table.rows.map(({ name, values }) => ({ name, values: values.map(round) })) };
}
