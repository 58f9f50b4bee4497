import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 101,
    bug: "what is remembered is not compared with what is stored",
    from: " && isEqual(known.data, data)",
    to: "",
  },
  {
    breaks: 101,
    bug: "only the length and the last bytes of what is stored are compared",
    from: "    if (isDifferent) return false;\n",
    to: "",
  },
];
