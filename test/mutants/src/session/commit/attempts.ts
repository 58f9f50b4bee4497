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
    from: "this.commits[index]?.settleBy(run",
    to: "this.commits[index]?.settleBy(this.commits[index]?.lastRun ?? run",
  },
  {
    breaks: 102,
    bug: "a save that was sent is given up as not applied",
    from: "      commit.call.sent = true;\n",
    to: "",
  },
  {
    breaks: 88,
    bug: "what is in doubt is reported as not applied",
    from: 'attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(',
    to: "replaceOutcome(attempt?.error ?? ",
  },
  {
    breaks: 91,
    bug: "a write of which nobody can tell is taken for applied",
    from: '" && !attempt.isRepeatable) attempt.reject(',
    to: '") attempt.settle(now',
  },
  {
    breaks: "a Worker whose requests are cancelled",
    bug: "a write that a cancelled request has left is forgotten",
    from: "    this.#attempts.add(attempt);\n",
    to: "",
  },
  {
    breaks: 102,
    bug: "a save of which a part is stored is given up as not applied",
    from: "commit.isSent || commit.isRest",
    to: "commit.isSent",
  },
];
