import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { createCopy } from "./copy.ts";
import { guardiansOf } from "./guardians.ts";
import { mutationsOf } from "./mutations.ts";

// npm run mutation:tests -- 20 adapters/redis
// Changes one line after the other in the files of a folder, in an order that MUTATION_SEED decides, and says which of the changes no
// test sees. Slow: for each, the tests of that folder run on their real servers.

const [count = "10", ...places] = process.argv.slice(2);
const root = join(import.meta.dirname, "../..");
const print = (line: string) => void process.stdout.write(`${line}\n`);

const files = execFileSync("git", ["ls-files", ...(places.length > 0 ? places : ["src", "adapters"])], { cwd: root });
const sources = String(files)
  .split("\n")
  .filter((file) => file.endsWith(".ts"));
const all = mutationsOf(sources, Number(process.env.MUTATION_SEED ?? 1));
const mutants = all.slice(0, Number(count));
print(`${mutants.length} of ${all.length} mutants of ${sources.length} files`);

using copy = createCopy();
for (const tests of new Set(mutants.map(({ file }) => guardiansOf(file).join(" ")))) {
  const fate = await copy.try(undefined, tests.split(" "));
  if (fate !== "survived") throw new Error(`Nothing has changed, and yet: ${fate}\n${copy.complaint.slice(-3000)}`);
}
const fates: Record<string, number> = {};
for (const mutant of mutants) {
  const fate = await copy.try(mutant, guardiansOf(mutant.file));
  fates[fate] = (fates[fate] ?? 0) + 1;
  print(`${fate}: ${mutant.bug}`);
}
print(JSON.stringify(fates));
