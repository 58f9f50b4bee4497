import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 26, bug: "replies may come in any order", from: "opaque !== this.#awaited || ", to: "" },
  {
    breaks: 44,
    bug: "the numbers of requests do not wrap around",
    from: "(sequence % largestSequence)",
    to: "sequence",
  },
];
