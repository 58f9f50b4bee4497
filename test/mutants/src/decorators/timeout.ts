import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 38, bug: "closing has no deadline", from: "calls.closeWith(next", to: "(calls.close(), next()" },
  {
    breaks: 105,
    bug: "an operation is passed on twice",
    from: "ask(operation.nextOptions(call), operation.data)",
    to: "ask(operation.nextOptions(call), operation.data).then(() => ask(undefined as never, operation.data))",
  },
  {
    breaks: 108,
    bug: "an abort from outside does not reach the inner deadline",
    from: "nextOptions(call)",
    to: "nextOptions()",
  },
];
