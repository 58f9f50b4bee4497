import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "each use of the old id prolongs its grace period",
    from: "Math.ceil((record.forward.until - now) / 1000)",
    to: "idleTimeoutSeconds",
  },
];
