import type { QuotedMutant } from "../../quoted.ts";

const breaks = "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks,
    bug: "of a long alphabet, only the last eight bits of a character are kept",
    from: "(isWide(key) ? 1 : 0)",
    to: "(key.length < 0 ? 1 : 0)",
  },
];
