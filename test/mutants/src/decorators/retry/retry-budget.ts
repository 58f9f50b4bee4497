import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 133,
    bug: "each call gives back one retry",
    from: "this.#calls += 1",
    to: "this.#calls += CALLS_PER_RETRY",
  },
  {
    breaks: "a budget that was used up comes back with calls",
    bug: "a budget grows without a limit",
    from: "if (this.#calls < this.#capacity) ",
    to: "",
  },
  { breaks: 133, bug: "a budget is never refilled", from: "this.#calls += 1", to: "this.#calls += 0" },
];
