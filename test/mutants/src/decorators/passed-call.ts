import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "an abort during a wait ends the call",
    bug: "whoever gives up after a refusal is told that it may have been applied",
    from: "if (this.#effects === 0) this.sent = false;",
    to: "",
  },
];
