import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 87, bug: "an update is taken for repeatable", from: "sets.length > 0 && ", to: "" },
  {
    breaks: 111,
    bug: "a late answer takes the place of what others have found",
    from: 'this.result?.kind === "applied"',
    to: "this.result === null",
  },
];
