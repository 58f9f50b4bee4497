import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a session that has ended elsewhere",
    bug: "a session that is gone is not ended",
    from: 'else this.end(this.#hasMoved ? "moved" : "gone");',
    to: "",
  },
  {
    breaks: "a session that has ended elsewhere",
    bug: "a session that is gone is said to have moved",
    from: "return this.#host.settings.clock.monotonic() - this.#moveExpectedAt < MOVES_WITHIN_MS;",
    to: "return true;",
  },
];
