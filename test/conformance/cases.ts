import type { ConformanceCase } from "sessionwire/testing";
import type { Law } from "../laws/law.ts";

/** The laws of one store alone, as cases beside those of all. */
export function casesOf<Of>(laws: readonly Law<Of>[], subject: Of): ConformanceCase[] {
  return laws.map(({ law, says, check }) => ({ name: `${says} (law ${law})`, law, run: () => check(subject) }));
}
