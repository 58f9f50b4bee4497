import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 111, bug: "nobody is ever given up", from: "this.#limitMs;", to: "Infinity;" },
];
