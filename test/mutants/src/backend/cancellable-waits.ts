import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 134, bug: "a timer outlives the abort of its caller", from: "      this.#watch.add(call);\n", to: "" },
  {
    breaks: "a call that is given up while the handler inside has it",
    bug: "a wait begins for a caller who has left",
    from: " || cancellation?.aborted",
    to: "",
  },
  {
    breaks: "a call that is given up while the handler inside has it",
    bug: "a wait begins after the close",
    from: "this.#isClosed || ",
    to: "",
  },
];
