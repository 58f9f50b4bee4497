import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "a list ends before its sessions",
    from: "Math.min(MAX_TTL_SECONDS, 2 * ",
    to: "Math.min(60, ",
  },
];
