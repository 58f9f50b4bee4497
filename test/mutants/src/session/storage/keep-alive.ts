import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 94,
    bug: "a touch that fails ends the session",
    from: "signal }).catch(unknownUnlessSaid",
    to: "signal }).catch(() => false",
  },
];
