import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 93,
    bug: "an id from elsewhere is adopted",
    from: "!this.format.acceptsForeignIds",
    to: "this.format.name === ''",
  },
  {
    breaks: 102,
    bug: "an end by id goes on after it was given up as not applied",
    from: "      call.sent = true;\n",
    to: "",
  },
];
