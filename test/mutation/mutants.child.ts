import { createMutants } from "../laws/mutate.ts";
import { begin, end } from "../processes/processes.ts";
import type { Parts } from "../session/properties/clients.ts";
import { isKilled } from "./checks.ts";
import { guarded, mutationsOf } from "./mutations.ts";

// Tries mutants one after the other, from one on, and says of each whether it was found. One that never ends keeps this process from
// going on, and the one that waits for it starts another.

const { SEED = "1", FROM = "0", TO = "0" } = process.env;

process.on("unhandledRejection", () => {}); // what broken versions leave behind
const copies = createMutants<Parts>("memory", "express");
await begin();
for (const mutant of mutationsOf(guarded, Number(SEED)).slice(Number(FROM), Number(TO))) {
  const parts = await copies.load(mutant).catch(() => undefined); // one that cannot even be loaded is found
  process.send?.({ bug: mutant.bug, isFound: parts === undefined || (await isKilled(parts)) });
}
copies[Symbol.dispose]();
end("done");
