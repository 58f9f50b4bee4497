import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 31, bug: "the size is left to the server", from: "= mostBytes", to: "= 2 * mostBytes" },
  { breaks: 73, bug: "tokens are taken for granted", from: 'cas_enabled") !== "no', to: 'cas_enabled") !== "' },
];
