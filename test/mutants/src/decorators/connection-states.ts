import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 107,
    bug: "a ping through the decorator is no sign of life",
    from: "this.#affectedBy(connection);\n    return",
    to: "this.#affectedBy(connection).slice(1);\n    return",
  },
];
