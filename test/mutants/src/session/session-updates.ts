import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 92,
    bug: "updating an ended session creates it again",
    from: "sets: [], run }",
    to: "sets: [], run, beginning: this.#context.records.create() }",
  },
];
