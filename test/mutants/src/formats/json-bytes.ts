import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "JSON is refused where a name stands twice, however it is written",
    bug: "a name that stands twice is taken within a list",
    from: "!hasMembers(text, census.members)",
    to: "!Array.isArray(value) && !hasMembers(text, census.members)",
  },
];
