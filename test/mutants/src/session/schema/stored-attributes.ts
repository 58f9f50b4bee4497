import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "a change is stored beside attributes that are refused together with it",
    from: "verdict.refused.has(undefined));",
    to: "false);",
  },
];
