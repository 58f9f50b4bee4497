import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "an operation that the policy does not let through",
    bug: "a refusal of the policy has no code of its own",
    from: 'hasRun ? "failed" : "overloaded"',
    to: '"failed"',
  },
];
