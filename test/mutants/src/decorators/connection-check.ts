import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 63, bug: "NaN passes", from: "everySeconds >= 0", to: "!(everySeconds < 0)" },
];
