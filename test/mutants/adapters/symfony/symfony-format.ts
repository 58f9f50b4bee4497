import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 153, bug: "an empty session stays stored", from: "isNothing(stamped) ?", to: "false ?" },
  { breaks: 154, bug: "a security token may be set", from: 'name.startsWith("_security_")', to: "false" },
];
