import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a page connects again",
    bug: "a page whose session has ended connects again",
    from: "1007, closeCodes.ended, 1009",
    to: "1007, 1009",
  },
  {
    breaks: "a page connects again",
    bug: "a page whose session has moved does not connect again",
    from: "closeCodes.ended, 1009, 1010]",
    to: "closeCodes.ended, 1009, 1010, closeCodes.moved]",
  },
];
