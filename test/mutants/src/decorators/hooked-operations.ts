import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 56,
    bug: "the call that did the check loses its result",
    from: "ask, observer))\n",
    to: "ask, observer).then(() => undefined as never))\n",
  },
  {
    breaks: 58,
    bug: "an operation that was never sent counts as unknown",
    from: "fillInOutcome(named, outcome)",
    to: 'fillInOutcome(named, "unknown")',
  },
  {
    breaks: 66,
    bug: "a waiting call cannot be aborted",
    from: "operation.changes, operation.cancellation)",
    to: "operation.changes, undefined)",
  },
];
