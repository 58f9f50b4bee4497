import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 87, bug: "an update is taken for repeatable", from: "sets.length > 0 && ", to: "" },
];
