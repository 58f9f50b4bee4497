import { writeFileSync } from "node:fs";
import { formatNumber } from "./numbers.ts";

/** One question: its rows are measured side by side, the floor first. */
export interface Table {
  /** Identifies the question for readers of the JSON. */
  readonly id: string;
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly TableRow[];
}

export interface TableRow {
  readonly name: string;
  /** The values, one per column; `null` if a column does not apply. */
  readonly values: readonly (number | null)[];
}

/** All measurements of one run of a bench. */
export interface Measurements {
  readonly machine: string;
  readonly tables: readonly Table[];
}

const lineWidth = 120;
const nameWidth = 60;
const cellWidth = 10;

/** Prints tables as they are finished, and keeps them for the JSON file. */
export class Report {
  readonly #machine: string;
  readonly #tables: Table[] = [];

  constructor(machine: string) {
    this.#machine = machine;
    console.log(machine);
  }

  add(table: Table): void {
    this.#tables.push(table);
    console.log(`\n${line(table.title, table.columns)}`);
    for (const { name, values } of table.rows) console.log(line(`  ${name}`, values.map(formatNumber)));
  }

  write(file: string): void {
    const measurements: Measurements = { machine: this.#machine, tables: this.#tables };
    writeFileSync(file, `${JSON.stringify(measurements, undefined, 2)}\n`);
  }
}

/** Fits a line into 120 columns. */
function line(name: string, cells: readonly string[]): string {
  return (
    name.padEnd(Math.min(nameWidth, lineWidth - cells.length * cellWidth)) +
    cells.map((cell) => cell.padStart(cellWidth)).join("")
  );
}
