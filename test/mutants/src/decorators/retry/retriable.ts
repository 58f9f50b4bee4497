import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 132,
    bug: "a change that may have been applied is repeated",
    from: 'error.outcome === "not-applied"',
    to: "true",
  },
  { breaks: 132, bug: "whatever fails is repeated", from: " || !passing.includes(error.code)", to: "" },
  { breaks: 132, bug: "reads are not repeated", from: "!changes || ", to: "" },
];
