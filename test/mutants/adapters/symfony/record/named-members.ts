import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a member keeps its text and its type",
    bug: "a member that has changed is written anew as a whole",
    from: "merge(entry.value, value, this.#nodes)",
    to: "nodeOf(value)",
  },
];
