import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 111,
    bug: "a write that was left is taken for refused",
    from: ')) return "undecidable',
    to: ')) return "refused',
  },
  {
    breaks: 111,
    bug: "an update tells what its latest run gave, and not the one that is stored",
    from: ", run] of this.#runs) if (run) commit.settleBy(run",
    to: "] of this.#runs) if (commit.lastRun) commit.settleBy(commit.lastRun",
  },
];
