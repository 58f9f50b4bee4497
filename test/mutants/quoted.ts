import { readdirSync } from "node:fs";
import { join } from "node:path";
import { type BrokenFile, readSource } from "./bundles.ts";

/** A broken version of a source file that no operator of the mutation run makes. */
export interface QuotedMutant {
  /** The law that it breaks, or how the name of the case begins that must catch it. */
  readonly breaks: number | string;
  /** Where the server has to be one with commands that compare. */
  readonly needs?: "Valkey";
  /** What is wrong with it. */
  readonly bug: string;
  /** What stands in the file, just once, and no more of it than that takes. */
  readonly from: string;
  /** What stands there instead. */
  readonly to: string;
}

/** Of what only a runtime shows that cancels requests. */
export const ofWorkers = "a Worker whose requests are cancelled";

/** One of the file that its list is named after. */
export interface PlacedMutant extends QuotedMutant {
  readonly file: string;
}

/** All mutants of the source files whose path the pattern matches. */
export async function quotedMutants(files: RegExp): Promise<PlacedMutant[]> {
  const lists = readdirSync(import.meta.dirname, { recursive: true, encoding: "utf8" });
  const mirrored = lists.filter((path) => /^(src|adapters)\/.*\.ts$/.test(path) && files.test(path)).sort();
  const placed = mirrored.map(async (file) => {
    const list = (await import(/* @vite-ignore */ join(import.meta.dirname, file))) as { mutants: QuotedMutant[] };
    return list.mutants.map((mutant) => ({ ...mutant, file }));
  });
  return (await Promise.all(placed)).flat();
}

/** The source file with the mutant in it, which differs by three lines at most. */
export function brokenBy({ file, from, to }: PlacedMutant): BrokenFile {
  const source = readSource(file);
  if (source.split(from).length !== 2) throw new Error(`This stands in ${file} not just once: ${from}`);
  if (changedLines(from, to) > 3) throw new Error(`A mutant may change three lines, not more: ${from}`);
  return { file, source: source.replace(from, () => to) };
}

/** As a line diff counts: the lines that stand on one side only. */
function changedLines(from: string, to: string): number {
  const [before, after] = [from.split("\n"), to.split("\n")];
  const missingIn = (others: string[], lines: string[]) => lines.filter((line) => !others.includes(line)).length;
  return Math.max(missingIn(after, before), missingIn(before, after));
}
