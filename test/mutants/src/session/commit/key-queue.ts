import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a store that refuses tickets",
    bug: "a store that has refused a ticket is asked again",
    from: "      turns.switchOff(error);\n",
    to: "",
  },
  {
    breaks: "a store that throws over tickets",
    bug: "what goes wrong with a ticket fails the commit",
    from: "turns.switchOff(error)",
    to: "throw error",
  },
];
