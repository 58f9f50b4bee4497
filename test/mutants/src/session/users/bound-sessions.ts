import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 125,
    bug: "a session that was changed meanwhile stays",
    from: "current = result.destroyed ? undefined : result.current;",
    to: "current = undefined;",
  },
  {
    breaks: 125,
    bug: "an end of which nobody knows is an end",
    from: "if (conflicts > 0 || !hasUnknownOutcome(error) || !isLostConnection(error)) throw error;",
    to: "if (!hasUnknownOutcome(error)) throw error;\n        return;",
  },
  {
    breaks: 142,
    bug: "users are identified by attributes that are not shown",
    from: "this.#source.decode(",
    to: "this.#source.format.decode(",
  },
];
