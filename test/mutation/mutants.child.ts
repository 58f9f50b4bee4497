import { createMutants, type Mutant, UnloadableMutant } from "../laws/mutate.ts";
import { begin, end } from "../processes/processes.ts";
import type { Parts } from "../session/properties/parts.ts";
import { isKilled } from "./checks.ts";
import { guarded, mutationsOf } from "./mutations.ts";

// Tries mutants one after the other, from one on, and says of each whether it was found. One that never ends keeps this process from
// going on, and the one that waits for it starts another.

const { SEED = "1", FROM = "0", TO = "0" } = process.env;

process.on("unhandledRejection", () => {}); // what broken versions leave behind
const copies = createMutants<Parts>("memory", "express");
await begin();
try {
  for (const mutant of mutationsOf(guarded, Number(SEED)).slice(Number(FROM), Number(TO))) {
    process.send?.({ bug: mutant.bug, isFound: await isFound(mutant) });
  }
  end("done");
} catch (error) {
  end({ failure: String(error) });
} finally {
  copies[Symbol.dispose]();
}

/** One that cannot be imported is found; that it cannot be made is our own mistake. */
async function isFound(mutant: Mutant): Promise<boolean> {
  try {
    return await isKilled(await copies.load(mutant));
  } catch (error) {
    if (error instanceof UnloadableMutant) return true;
    throw error;
  }
}
