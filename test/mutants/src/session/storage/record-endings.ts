import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "what may still be created is ended only once",
    from: "!creations.has(key)) return ended",
    to: "creations !== undefined) return ended",
  },
  {
    breaks: 92,
    bug: "what was ended once, and not once more, is as it was",
    from: 'replaceOutcome(error, "unknown"); // what was there has ended',
    to: "error;",
  },
];
