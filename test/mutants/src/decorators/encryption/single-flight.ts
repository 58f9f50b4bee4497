import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 32, bug: "a failure is remembered", from: ".finally(() => this.#attempts.delete(key))", to: "" },
  { breaks: 44, bug: "every call asks for the key", from: "    if (underWay) return underWay;\n", to: "" },
];
