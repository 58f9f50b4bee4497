import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 144,
    bug: "the browser forgets a session that is to be remembered",
    from: "ageOf(session) ?? maxAgeSeconds",
    to: "maxAgeSeconds",
  },
];
