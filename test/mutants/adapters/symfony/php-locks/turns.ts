import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a caller who gives up while another change",
    bug: "one who gives up lets the next go on before its turn",
    from: "Promise.all([comes, left])",
    to: "left",
  },
];
