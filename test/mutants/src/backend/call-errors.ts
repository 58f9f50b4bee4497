import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 39, bug: "an abort has no reason", from: "{ cause: reason", to: "{ cause: undefined" },
];
