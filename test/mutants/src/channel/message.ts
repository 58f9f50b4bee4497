import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 120,
    bug: "a move from nowhere is a message",
    from: "return { type, keyHash, previousKeyHash, from };",
    to: "return { type, keyHash, previousKeyHash, from };\n  return value as SessionMessage;",
  },
];
