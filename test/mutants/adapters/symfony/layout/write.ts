import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 150,
    bug: "values are written as PHP would write them",
    from: 'if (form === "value" && isKept) {',
    to: 'if (form === "value" && isKept && size > 0) {',
  },
];
