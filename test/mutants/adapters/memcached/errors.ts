import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 35,
    bug: "the words of a refusal are told",
    from: "} }: Response): SessionError {",
    to: "}, val }: Response): SessionError {\n  throw new SessionError('failed', String(val));",
  },
];
