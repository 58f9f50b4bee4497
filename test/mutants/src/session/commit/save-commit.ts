import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 91,
    bug: "a token belongs to an attempt",
    from: "this.sets.map(({ token }) => token)",
    to: "this.sets.map(({ token }) => token + Math.random())",
  },
];
