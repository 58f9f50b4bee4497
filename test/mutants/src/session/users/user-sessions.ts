import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 125,
    bug: "all end where one is named",
    from: "(entry) => entry.handle === handle",
    to: "() => true",
  },
  {
    breaks: 125,
    bug: "an end of which a part has failed says that nothing has ended",
    from: 'replaceOutcome(error, "unknown")',
    to: 'replaceOutcome(error, "not-applied")',
  },
];
