import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 88,
    bug: "what is in doubt is reported as not applied",
    from: 'attempt ? (attempt.error ?? replaceOutcome(error, "unknown")) : fillInOutcome(',
    to: "fillInOutcome(attempt ? undecidable() : ",
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
    from: "    this.#attempts = [...this.#attempts, attempt];\n",
    to: "",
  },
];
