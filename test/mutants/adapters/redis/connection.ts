import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 67,
    bug: "an attempt to connect is that of the call that began it",
    from: "return this.current",
    to: 'call.signal.addEventListener("abort", () => this.#opening.cancel(call.signal.reason));\nreturn this.current',
  },
];
