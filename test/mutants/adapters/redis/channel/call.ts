import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 119,
    bug: "a call leaves its timer",
    from: "cancelTimer();",
    to: "",
  },
  {
    breaks: 119,
    bug: "what waits goes on waiting after the close",
    from: 'ending.addEventListener("abort", end);',
    to: "",
  },
];
