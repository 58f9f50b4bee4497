import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a store that never answers about rosters",
    bug: "an answer about a roster is waited for without an end",
    from: "MAX_ANSWER_MS = 200",
    to: "MAX_ANSWER_MS = 1e6",
  },
];
