import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "where a session could stand there is no roster",
    bug: "a roster may stand where a session could",
    from: " || rosterKey.startsWith(this.#keyPrefix)",
    to: "",
  },
];
