import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "after a Serializable object",
    bug: "unknown numbers are counted",
    from: "  checkNumbers(session, placements);\n",
    to: "",
  },
];
