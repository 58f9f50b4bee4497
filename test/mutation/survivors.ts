import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Mutation, mutationsOf } from "./mutations.ts";

/** The mutations that no law and no contract finds, by name, each with a word why it stays. */
export type Survivors = Readonly<Record<string, string>>;

/**
 * What became of a mutation: the laws and contracts found it, or did not end; the compiler refuses it; what it is guarded by besides found
 * it; nothing did; or, where the tests were left out, nothing but them may.
 */
export type Verdict = "found" | "hung" | "refused" | "found by tests" | "survived" | "left to tests";

/** A mutation that was tried. */
export interface Tried {
  readonly mutation: Pick<Mutation, "name">;
  readonly verdict: Verdict;
}

/** The word of one that nobody has thought about. */
const unknown = "?";

/** The word of one that no law or contract needs to find. */
const byTests = "found by tests";

const path = join(import.meta.dirname, "survivors.json");

export function readSurvivors(): Survivors {
  return JSON.parse(readFileSync(path, "utf8")) as Survivors; // as it was written below
}

export function writeSurvivors(survivors: Survivors): void {
  writeFileSync(path, `${JSON.stringify(survivors, null, 2)}\n`);
}

/** The points on which the list and a run disagree. */
export function disagreements(survivors: Survivors, tried: readonly Tried[]): string[] {
  return tried.flatMap(({ mutation: { name }, verdict }) => {
    const word = survivors[name];
    if (word !== unknown && verdictsOf(word).includes(verdict)) return [];
    return [`${word === undefined ? "not listed" : `listed as "${word}"`}, and ${verdict}: ${name}`];
  });
}

/** The verdicts that agree with a word of the list, or with none. */
function verdictsOf(word: string | undefined): readonly Verdict[] {
  if (word === undefined) return ["found", "hung", "refused", byTests];
  return ["left to tests", word === byTests ? byTests : "survived"];
}

/** Those that are listed and cannot be made of these files. */
export function staleOf(survivors: Survivors, files: readonly string[]): string[] {
  const listed = Object.keys(survivors);
  const changed = files.filter((file) => listed.some((name) => name.startsWith(`${file}: `)));
  const names = new Set(changed.flatMap((file) => mutationsOf(file)).map(({ name }) => name));
  return listed.filter((name) => !names.has(name));
}

/** The list as a run with tests has it, sorted, without some: what is new waits for its word. */
export function revised(survivors: Survivors, tried: readonly Tried[], stale: readonly string[] = []): Survivors {
  const words = new Map(Object.entries(survivors));
  for (const name of stale) words.delete(name);
  for (const { mutation, verdict } of tried) {
    const word = words.get(mutation.name);
    if (verdict === byTests) words.set(mutation.name, byTests);
    else if (verdict !== "survived") words.delete(mutation.name);
    else if (word === undefined || word === byTests) words.set(mutation.name, unknown);
  }
  return Object.fromEntries([...words].sort());
}
