import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 21, bug: "a token of zeros is taken for one", from: " hasToken(reply) && ", to: " " },
  {
    breaks: 32,
    bug: "absence is told by the status alone",
    from: "reply.extras.length === 0 && reply.val.length === 0 && !hasToken(reply) && ",
    to: "",
  },
  { breaks: 34, bug: "a refusal needs no reason", from: "reply.val.length > 0 && ", to: "" },
];
