import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 28, bug: "the length of a key is counted in characters", from: "Buffer.byteLength(key)", to: "key.length" },
];
