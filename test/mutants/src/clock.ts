import type { QuotedMutant } from "../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 38,
    bug: "a timer that is late makes an answer late that has arrived",
    from: "passTurn, delayMs",
    to: "run, delayMs",
  },
  { breaks: 38, bug: "a deadline is put off again and again", from: "turnsLeft = 2", to: "turnsLeft = 1000" },
  { breaks: 38, bug: "a deadline that is up is not called off any more", from: "() => cancel()", to: "cancel" },
  {
    breaks: 52,
    bug: "a process that stood still replaces a healthy connection",
    from: "passTurn, delayMs",
    to: "run, delayMs",
  },
];
