import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 43,
    bug: "a record of a later version is taken for plaintext",
    from: "MARK.every((byte, index) => stored[index] === byte)",
    to: "stored[MARK.length] === VERSION",
  },
];
