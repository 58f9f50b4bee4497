import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 94,
    bug: "a touch that fails ends the session",
    from: "signal }).catch(unknownUnlessSaid",
    to: "signal }).catch(() => false",
  },
  {
    breaks: 144,
    bug: "a read gives a session the idle timeout of the manager",
    from: "if (secondsLeft === ttlSeconds) return snapshot;",
    to: "if (secondsLeft >= ttlSeconds) return snapshot;",
  },
];
