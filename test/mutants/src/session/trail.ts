import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "an old id leads to what is no session any more",
    from: "found.sight.stored?",
    to: "steps < 1 && found.sight.stored?",
  },
];
