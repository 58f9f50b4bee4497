import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "a lost reply is a failure",
    from: "if (!hasUnknownOutcome(error) || !isLostConnection(error)) throw error;",
    to: "if (error) throw error;",
  },
  {
    breaks: 124,
    bug: "who was slower has listed nothing",
    from: "return result.written ? undefined : snapshotOf(result.current);",
    to: "return undefined;",
  },
  {
    breaks: 125,
    bug: "what has been listed while all ended is not looked at",
    from: "      seen = current;",
    to: "      return entries;",
  },
];
