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
    from: "commit.settleBy(run",
    to: "commit.settleBy(commit.lastRun ?? run",
  },
  {
    breaks: 102,
    bug: "a save that was sent is given up as not applied",
    from: "      commit.call.sent = true;\n",
    to: "",
  },
];
