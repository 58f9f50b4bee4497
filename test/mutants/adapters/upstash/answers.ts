import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 32, bug: "null is taken for absence", from: 'reply === "~-"', to: 'reply === "~-" || reply === null' },
  {
    breaks: 32,
    bug: "a page of something else is taken for absence",
    from: "null) throw strangeAnswer(status)",
    to: 'null) return "~-"',
  },
];
