import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "a renamed attribute stays stored under its old name, too",
    from: "left === this || !this.#areOne ? left : undefined",
    to: "left",
  },
];
