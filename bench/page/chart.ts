import { formatNumber } from "../tools/numbers.ts";
import { type Figures, tablesOf } from "./figures.ts";

/** One question of the picture: rows of a table, compared by one column. */
interface Group {
  readonly table: string;
  readonly title: string;
  readonly column: string;
}

const groups: readonly Group[] = [
  { table: "session-open-1kb-64", title: "Open a session: CPU, µs", column: "CPU µs" },
  { table: "session-change-1kb-64", title: "Open, change, save: CPU, µs", column: "CPU µs" },
  { table: "session-store-read-1kb-64", title: "Store of express-session, get and touch: CPU, µs", column: "CPU µs" },
  { table: "session-store-change-1kb-64", title: "Store of express-session, get and set: CPU, µs", column: "CPU µs" },
  {
    table: "http-express-change",
    title: "Express, a request that changes its session: CPU on top, µs",
    column: "extra µs",
  },
  { table: "writers-1x64-1", title: "64 writers on one session: updates per second", column: "upd/s" },
];

const width = 860;
const labelWidth = 390;
const barWidth = 380;
const rowHeight = 20;
const ours = /Session|sessions|createExpressStore|update/;

/** Draws the bars of each group, each proportional to its value within the group. */
export function chartOf(figures: Figures): string {
  let y = 10;
  const parts: string[] = [];
  for (const { table: id, title, column } of groups) {
    const table = tablesOf(figures).find((one) => one.id === id);
    if (table === undefined) continue;
    const index = table.columns.indexOf(column);
    const bars = table.rows.flatMap(({ name, values }) => {
      const value = values[index];
      return value === null || value === undefined ? [] : [{ name, value }];
    });
    const longest = Math.max(...bars.map(({ value }) => value));
    parts.push(`<text class="title" x="10" y="${y + 14}">${escapeXml(title)}</text>`);
    y += 22;
    for (const { name, value } of bars) {
      parts.push(bar(name, value, (value / longest) * barWidth, y));
      y += rowHeight;
    }
    y += 14;
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" width="${width}" height="${y}" role="img">`,
  ]
    .concat("<title>What sessions cost, side by side</title>", style, parts, "</svg>\n")
    .join("\n");
}

function bar(name: string, value: number, length: number, y: number): string {
  const kind = ours.test(name) ? "ours" : "other";
  return [
    `<text x="${labelWidth - 8}" y="${y + 14}" text-anchor="end">${escapeXml(name)}</text>`,
    `<rect class="${kind}" x="${labelWidth}" y="${y + 3}" width="${length.toFixed(1)}" height="14" rx="2"/>`,
    `<text x="${(labelWidth + length + 6).toFixed(1)}" y="${y + 14}">${formatNumber(value)}</text>`,
  ].join("\n");
}

const style = `<style>
svg { background: #fff }
text { font: 12px system-ui, sans-serif; fill: #222 }
.title { font-weight: 600; font-size: 13px }
.ours { fill: #2563eb }
.other { fill: #9ca3af }
@media (prefers-color-scheme: dark) { svg { background: #0d1117 } text { fill: #e6edf3 } .ours { fill: #60a5fa } .other { fill: #6e7681 } }
</style>`;

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}
