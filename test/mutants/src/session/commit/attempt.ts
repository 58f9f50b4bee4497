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
    from: "this.#commits[index]?.settleBy(run",
    to: "this.#commits[index]?.settleBy(this.#commits[index]?.lastRun ?? run",
  },
];
