import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 20, bug: "a creating write replaces", from: ": opcodes.add", to: ": opcodes.set" },
];
