import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 87,
    bug: "an update is taken for repeatable",
    from: "get isRepeatable(): boolean {\n    return false",
    to: "get isRepeatable(): boolean {\n    return true",
  },
];
