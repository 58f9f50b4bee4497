import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 144,
    bug: "the list of a user forgets a session that lives longer",
    from: "Math.max(this.#limits.lifetimeSeconds ?? 0, this.secondsLeft(record))",
    to: "this.#limits.lifetimeSeconds ?? this.secondsLeft(record)",
  },
];
