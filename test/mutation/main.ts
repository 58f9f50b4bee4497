import { parseArgs } from "node:util";
import { drawMutations, mutationsOf } from "./mutations.ts";
import { sourcesUnder, tryAll } from "./run.ts";
import { disagreements, readSurvivors, revised, staleOf, type Tried, writeSurvivors } from "./survivors.ts";

// npm run mutation -- src/session
// Makes changes that nobody has chosen, one after the other, and says which of them nothing finds. MUTATIONS says about how many,
// MUTATION_SEED which. What no law and no contract finds is listed in survivors.json, with a word why; `--update` writes it, for somebody
// to put the words in.

const { values, positionals } = parseArgs({ allowPositionals: true, options: { update: { type: "boolean" } } });
const { MUTATIONS = "60", MUTATION_SEED = "1" } = process.env;
const print = (line: string) => void process.stdout.write(`${line}\n`);

const places = positionals.length > 0 ? positionals : ["src", "adapters"];
const all = sourcesUnder(...places).flatMap((file) => mutationsOf(file));
const drawn = drawMutations(all, MUTATION_SEED, Number(MUTATIONS) / all.length);
print(`${drawn.length} of ${all.length} mutations below ${places.join(", ")}`);

const tried: Tried[] = [];
const verdicts: Record<string, number> = {};
for await (const each of tryAll(drawn, { withTests: true })) {
  tried.push(each);
  verdicts[each.verdict] = (verdicts[each.verdict] ?? 0) + 1;
  print(`${each.verdict}: ${each.mutation.name}`);
}
print(JSON.stringify(verdicts));

const stale = staleOf(readSurvivors(), sourcesUnder("src", "adapters"));
if (values.update) writeSurvivors(revised(readSurvivors(), tried, stale));
const wrong = disagreements(readSurvivors(), tried);
for (const line of wrong) print(line);
process.exitCode = wrong.length === 0 ? 0 : 1;
