import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 145,
    bug: "a write is reported with the key, in which an id may stand",
    from: "??= this.#hashOf(this.#key)",
    to: "??= this.#key",
  },
  {
    breaks: 145,
    bug: "a listener to writes that throws fails the update",
    from: "        logError(error);\n",
    to: "        throw error;\n",
  },
];
