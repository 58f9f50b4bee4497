import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 136,
    bug: "a write that was refused counts as done",
    from: 'result.written ? "done"',
    to: 'result ? "done"',
  },
  {
    breaks: 138,
    bug: "an observer sees the id",
    from: "??= this.#hashOf(this.#id)",
    to: "??= this.#id",
  },
];
