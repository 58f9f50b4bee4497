import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a record is written as if nothing of its text had been kept",
    bug: "the two halves of a pair take three bytes each",
    from: " && !isHalfOfPair(unit)",
    to: "",
  },
];
