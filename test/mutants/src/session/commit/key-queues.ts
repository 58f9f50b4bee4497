import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a manager that is closed leaves the line",
    bug: "a manager that is closed stays in line",
    from: "processTurn?.leave()",
    to: "processTurn",
  },
];
