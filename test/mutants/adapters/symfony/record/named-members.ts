import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a member keeps its text and its type",
    bug: "a changed member is written anew in full",
    from: "merge(entry.value, value, this.#nodes)",
    to: "nodeOf(value)",
  },
];
