import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "an old id leads to what is no session any more",
    from: "found.snapshot.stored?",
    to: "steps < 1 && found.snapshot.stored?",
  },
];
