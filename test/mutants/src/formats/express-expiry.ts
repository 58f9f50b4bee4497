import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a maximal age below a second ends the session when it is over, and a save or a touch restarts it",
    bug: "an age is rounded up to whole seconds",
    from: "& ageMs < 1000",
    to: "& ageMs < 1",
  },
  {
    breaks: "where a maximal age is there, the `expires` beside it decides nothing: other stores leave it behind",
    bug: "the date of expiry counts, be it that there is an age",
    from: "0 && ageMs < 1000",
    to: "0",
  },
  {
    breaks: "without a maximal age a session ends at `cookie.expires`, however often it is touched",
    bug: "a session without a maximal age lives for the idle timeout",
    from: "!== undefined && endsAt >",
    to: "===",
  },
];
