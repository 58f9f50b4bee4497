import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "the end of an attribute is taken for a change of others",
    from: "withheld?.without(",
    to: "withheld?.after(",
  },
];
