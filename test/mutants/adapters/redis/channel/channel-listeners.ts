import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 117,
    bug: "nobody hears after a listener that throws",
    from: "        // There is nobody to report the error to; it must not reach the publisher.\n",
    to: "        return;\n",
  },
];
