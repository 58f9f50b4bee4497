import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 120,
    bug: "any text is the name of a session",
    from: 'typeof value === "string" && /^[\\w-]{43}$/.test(value)',
    to: 'typeof value === "string"',
  },
  {
    breaks: 120,
    bug: "a move from nowhere is a message",
    from: "return { type, keyHash, previousKeyHash, from };",
    to: "return { type, keyHash, previousKeyHash, from };\n  return value as SessionMessage;",
  },
];
