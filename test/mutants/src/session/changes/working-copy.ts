import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 95, bug: "a save eats all messages", from: "this.flashes.toMap", to: "new Map" },
];
