import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 11,
    bug: "a month is the longest time to live",
    from: "MAX_TTL_SECONDS: number = 2 ** 31 - 1",
    to: "MAX_TTL_SECONDS: number = 2_592_000",
  },
];
