import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 36,
    bug: "a call whose turn is not over waits for no other",
    from: "this.#quietMicrotasks < QUIET_MICROTASKS",
    to: "this.#quietMicrotasks < 0",
  },
  {
    breaks: 39,
    bug: "what was aborted before the turn was over is sent",
    from: ".filter(({ call }) => !call.ended)",
    to: "",
  },
];
