import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 101,
    bug: "what is remembered is not compared with what is stored",
    from: " || !isEqual(known.data, data)",
    to: "",
  },
  {
    breaks: 101,
    bug: "only the length of what is stored is compared",
    from: "!== other.byteLength) return false",
    to: "=== other.byteLength) return true",
  },
];
