import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 38, bug: "closing has no deadline", from: "calls.closeWith(next", to: "(calls.close(), next()" },
  {
    breaks: 105,
    bug: "an operation is passed on twice",
    from: ") => next(call)",
    to: ") => next(call).then(() => next(call))",
  },
  {
    breaks: 108,
    bug: "an abort from outside does not reach the inner deadline",
    from: ") => next(call",
    to: ") => next(",
  },
];
