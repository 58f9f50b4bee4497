import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 29, bug: "a prefix is taken for a pattern", from: "escapeGlob(prefix)", to: "prefix" },
];
