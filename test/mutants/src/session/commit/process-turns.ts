import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "where a session could stand there is no ticket",
    bug: "a ticket may stand where a session could",
    from: " || ticketKey.startsWith(this.#keyPrefix)",
    to: "",
  },
];
