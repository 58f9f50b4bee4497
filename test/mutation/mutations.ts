import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import type { Mutant } from "../laws/mutate.ts";

const root = join(import.meta.dirname, "../..");

/** What the laws and contracts are there to guard. The rest (cookies, formats of others, sockets) has tests of its own. */
export const guarded: readonly string[] = [
  ...["call", "call-registry", "cancellation", "checks", "guarded-handler", "queued-task", "turn", "turn-queue"].map(
    (name) => `src/backend/${name}.ts`,
  ),
  ...["connection-check", "codec", "connection-state", "decorate", "operation", "timeout"].map(
    (name) => `src/decorators/${name}.ts`,
  ),
  ...["bag", "change-log", "change", "content", "draft", "json", "move"].map((name) => `src/session/${name}.ts`),
  ...["attempt", "commit-queue", "commit-request", "group-commit", "key-queue"].map(
    (name) => `src/session/commit/${name}.ts`,
  ),
  ...["records", "session-state", "session", "tokens", "trail"].map((name) => `src/session/${name}.ts`),
  ...["adapters/memory.ts", "adapters/memory/page.ts", "adapters/memory/sharded-map.ts"],
];

/** One token becomes another one. */
const replacements: readonly (readonly [from: RegExp, to: string])[] = [
  [/ === /, " !== "],
  [/ !== /, " === "],
  [/ <= /, " < "],
  [/ >= /, " > "],
  [/ < (?=[\w(])/, " <= "],
  [/ > (?=[\w(])/, " >= "],
  [/ && /, " || "],
  [/ \|\| /, " && "],
  [/ \?\? (?!undefined)/, " && "],
  [/\btrue\b/, "false"],
  [/\bfalse\b/, "true"],
  [/ \+ 1\b/, " + 2"],
  [/ - 1\b/, " - 2"],
  [/\bif \((?!!)/, "if (!"],
];

/** A statement that can go: a call, an assignment, an early end. */
const statement =
  /^\s+(?:(?:await |void )?[#\w.]+(?:\?\.)?[\w#.]*\(.*\)|[#\w.]+ (?:[-+?|&]{0,2}=) [^{]+|return|continue|break);$/;

/** All mutants of some files that these operators can make, in an order that the seed decides. */
export function mutationsOf(files: readonly string[], seed: number): Mutant[] {
  const all = files.flatMap(mutationsOfFile);
  const [shuffled = []] = fc.sample(fc.shuffledSubarray(all, { minLength: all.length }), { seed, numRuns: 1 });
  return shuffled;
}

function mutationsOfFile(file: string): Mutant[] {
  const source = readFileSync(join(root, file), "utf8");
  const lines = source.split("\n");
  return lines.flatMap((line, place) => {
    if (!isCode(line)) return [];
    const changed = replacements.flatMap(([from, to]) => (from.test(line) ? [line.replace(from, to)] : []));
    if (statement.test(line)) changed.push("");
    return changed.map((to) => mutant(file, source, lines, place, to));
  });
}

/** With as many of the lines before it as it takes to stand there once. */
function mutant(file: string, source: string, lines: readonly string[], place: number, to: string): Mutant {
  let start = place;
  const from = () => `${lines.slice(start, place + 1).join("\n")}\n`;
  while (start > 0 && source.split(from()).length !== 2) start -= 1;
  const before = lines.slice(start, place).map((line) => `${line}\n`);
  const [was, becomes] = [lines[place]?.trim() ?? "", to.trim() || "(nothing)"];
  return {
    law: 0,
    bug: `${file}:${place + 1}: ${was} -> ${becomes}`,
    file,
    from: from(),
    to: `${before.join("")}${to}\n`,
  };
}

/** Neither comment nor type nor import; of those, no test can see anything. */
function isCode(line: string): boolean {
  return (
    !/^\s*(\*|\/\*|\/\/|import |export (type|interface)|type |interface |readonly |\||&)/.test(line) &&
    line.trim() !== ""
  );
}
