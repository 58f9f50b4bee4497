import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "behind an object that has serialized itself",
    bug: "numbers that nobody knows are counted",
    from: "  checkNumbers(session, placements);\n",
    to: "",
  },
];
