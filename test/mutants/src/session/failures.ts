import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "a session that the schema refuses cannot be ended",
    from: '"key-missing", "invalid"]',
    to: '"key-missing"]',
  },
  {
    breaks: 142,
    bug: "one refused update fails all that share its write",
    from: '"too-many", "invalid"];',
    to: '"too-many"];',
  },
];
