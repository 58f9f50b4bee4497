import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 122,
    bug: "a name is a hash that needs no secret",
    from: "joined(inner, encoder.encode(key))",
    to: "encoder.encode(key)",
  },
];
