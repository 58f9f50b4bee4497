import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Edit, editsOf } from "./operators.ts";
import { nodesOf, scopeOf } from "./syntax.ts";

const root = join(import.meta.dirname, "../..");

/** A source file as it would be after one change that nobody has chosen. */
export interface Mutation {
  readonly file: string;
  /** The file, the function, and the lines before and after. Without the number of a line, it stays the same when others come or go. */
  readonly name: string;
  readonly source: string;
}

/** All that the operators can make of a file. */
export function mutationsOf(file: string, source: string = readFileSync(join(root, file), "utf8")): Mutation[] {
  const found = new Map<string, Mutation>();
  const counts = new Map<string, number>();
  for (const placed of nodesOf(source)) {
    for (const edit of editsOf(placed, source)) {
      const changed = source.slice(0, edit.start) + edit.text + source.slice(edit.end);
      if (found.has(changed)) continue;
      const name = `${file}: ${scopeOf(placed) || "(module)"}: ${linesOf(edit, source)}`;
      const count = (counts.get(name) ?? 0) + 1;
      counts.set(name, count);
      found.set(changed, { file, name: count > 1 ? `${name} (${count})` : name, source: changed });
    }
  }
  return [...found.values()];
}

/**
 * Draws about as many as that share of all, in an order that the seed decides. Each is drawn by what it is, so that a change elsewhere
 * brings none in and none out.
 */
export function drawMutations(all: readonly Mutation[], seed: string, share: number): Mutation[] {
  return all
    .map((mutation) => ({ mutation, chance: chanceOf(mutation, seed) }))
    .filter(({ chance }) => chance < share)
    .sort((one, other) => one.chance - other.chance)
    .map(({ mutation }) => mutation);
}

/** From 0 to 1. */
function chanceOf({ name }: Mutation, seed: string): number {
  const digest = createHash("sha256").update(`${seed}\n${name}`).digest();
  return digest.readUInt32BE() / 2 ** 32;
}

function linesOf({ start, end, text }: Edit, source: string): string {
  const from = source.lastIndexOf("\n", start - 1) + 1;
  const nextLine = source.indexOf("\n", end);
  const to = nextLine === -1 ? source.length : nextLine;
  const becomes = source.slice(from, start) + text + source.slice(end, to);
  return `${shortened(source.slice(from, to))} -> ${shortened(becomes) || "(nothing)"}`;
}

function shortened(lines: string): string {
  const line = lines.replace(/\s+/g, " ").trim();
  return line.length > 200 ? `${line.slice(0, 120)} … ${line.slice(-70)}` : line;
}
