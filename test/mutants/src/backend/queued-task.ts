import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a Worker whose requests are cancelled",
    bug: "nobody hears that a caller does not answer",
    from: "now - this.#askedAt < ANSWER_WITHIN_MS",
    to: "true",
  },
  {
    breaks: "a Worker whose requests are cancelled",
    bug: "a caller that waits has no timer of its own",
    from: "LOOK_EVERY_MS,",
    to: "2 ** 30,",
  },
];
