import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 96,
    bug: "a grace period may be of any length",
    from: "MAX_GRACE_SECONDS = 30",
    to: "MAX_GRACE_SECONDS = 3000",
  },
  {
    breaks: 98,
    bug: "an invalidated session is not ended",
    from: "await destroy(this.#state, call);\n      await this.#state.begin",
    to: "this.#state.begin",
  },
  {
    breaks: 83,
    bug: "two saves at once save the same changes",
    from: "return this.#turns.alone((turn) => {\n        if (this.#saves.isUnfinished) return",
    to: "return commits.createTurns().alone((turn) => {\n        if (!this) return",
  },
];
