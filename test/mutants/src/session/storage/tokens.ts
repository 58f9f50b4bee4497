import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 91, bug: "only one token is kept", from: "TOKENS_KEPT = 16", to: "TOKENS_KEPT = 1" },
  {
    breaks: 91,
    bug: "what cannot be told is taken for not applied",
    from: "token !== undefined && now.stored?.record.tokens.includes(token) === true",
    to: "true",
  },
  {
    breaks: "a Worker whose requests are cancelled",
    bug: "random numbers are asked for outside of a request",
    from: "string | undefined",
    to: "string | undefined = randomText(6)",
  },
];
