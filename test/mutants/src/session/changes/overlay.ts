import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 86,
    bug: "a deletion is lost on the way to the record",
    from: "?? []) overlay.set",
    to: "?? []) if (value !== undefined) overlay.set",
  },
];
