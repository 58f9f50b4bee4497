import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "what names no user is nobody's",
    from: "if (refusal) throw refusal.error;",
    to: "",
  },
  {
    breaks: 124,
    bug: "ids of users that are cut short name the same one",
    from: " && id.isWellFormed()",
    to: "",
  },
];
