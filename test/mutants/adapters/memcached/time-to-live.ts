import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 7, bug: "a time to live is sent as it is", from: "tickSeconds = 2", to: "tickSeconds = 0" },
];
