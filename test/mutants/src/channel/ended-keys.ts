import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 121,
    bug: "a session that has moved has ended, when the store is slower than the message",
    from: "this.#clock.monotonic() - namedAt <= RECENT_MS",
    to: "namedAt < 0",
  },
  {
    breaks: 121,
    bug: "a key that a message has named ends once and for all",
    from: " <= RECENT_MS",
    to: " >= 0",
  },
];
