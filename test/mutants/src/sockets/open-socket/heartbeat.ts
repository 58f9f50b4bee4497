import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a peer that does not answer",
    bug: "a peer that does not answer stays",
    from: "if (this.#slotOf.has(pulse) && pulse.isUnanswered) pulse.stop();",
    to: "",
  },
  {
    breaks: "a peer that does not answer",
    bug: "a peer is not asked before it is cut off",
    from: "else if (isDue) pulse.ping();",
    to: "",
  },
  {
    breaks: "a peer that does not answer",
    bug: "a peer that answers is cut off",
    from: "if (isUnanswered && isDue) this.#giveUp(pulse);",
    to: "if (isDue) pulse.stop();",
  },
];
