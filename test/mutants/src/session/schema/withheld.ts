import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "a renamed attribute stays stored under its old name, too",
    from: "return this.#areOne || left.size === 0 ?",
    to: "return left.size === 0 ?",
  },
];
