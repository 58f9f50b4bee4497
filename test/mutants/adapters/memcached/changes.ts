import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 19,
    bug: "a version is of no use after a reconnect",
    from: ".content !== wanted.content",
    to: ".generation !== wanted.generation",
  },
  { breaks: 23, bug: "a token is trusted wherever it comes from", from: "=== connection.generation", to: "!== ''" },
  {
    breaks: 23,
    bug: "what is there is not compared with what was read",
    from: "state?.content !== wanted.content",
    to: "!state",
  },
];
