import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 20,
    bug: "a creation that was refused counts as done",
    from: "(reply === null ? 1 : [reply])",
    to: "(reply === undefined ? [reply] : 1)",
  },
];
