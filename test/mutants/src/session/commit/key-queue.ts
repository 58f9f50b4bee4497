import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a store that refuses rosters",
    bug: "a store that has refused a roster is asked again",
    from: "      turns.switchOff(error);\n",
    to: "",
  },
  {
    breaks: "a store that throws over rosters",
    bug: "what goes wrong with a roster fails the commit",
    from: "turns.switchOff(error)",
    to: "throw error",
  },
  {
    breaks: "a manager that is closed leaves the line",
    bug: "a manager that is closed stays in line",
    from: "processTurn?.leave()",
    to: "processTurn",
  },
];
