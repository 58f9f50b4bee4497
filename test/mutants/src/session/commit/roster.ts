import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "who overtakes leaves the others in their places",
    bug: "who overtakes sends everybody away",
    from: "[name, ...leaveLine(others, name)]",
    to: "[name]",
  },
  {
    breaks: "something else in the place of the roster",
    bug: "whatever stands in the place of a roster is replaced",
    from: "isRoster ? names : undefined",
    to: "isRoster ? names : []",
  },
  {
    breaks: "a line that is full is not joined",
    bug: "a line may become longer than its limit",
    from: "MAX_IN_LINE = 64",
    to: "MAX_IN_LINE = 65",
  },
];
