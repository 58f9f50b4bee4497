import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 121,
    bug: "a channel is heard when nobody listens any more",
    from: "this.#stopListening?.();",
    to: "",
  },
  {
    breaks: 121,
    bug: "who listens again hears of no other process",
    from: "this.#stopListening = undefined;",
    to: "",
  },
];
