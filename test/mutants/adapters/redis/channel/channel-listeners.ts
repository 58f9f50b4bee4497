import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 117,
    bug: "nobody hears after a listener that throws",
    from: "        // It has nobody to go to: not whoever published.\n",
    to: "        return;\n",
  },
];
