import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 3,
    bug: "bytes are returned as UTF-8 of what they are",
    from: "  return bytes;",
    to: "  return new TextEncoder().encode(characters);",
  },
  {
    breaks: 3,
    bug: "bytes that are no UTF-8 become others on their way to the store",
    from: "fatal: true, ignoreBOM: true",
    to: "ignoreBOM: true",
  },
];
