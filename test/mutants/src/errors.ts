import type { QuotedMutant } from "../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 33,
    bug: "an error of the store loses its stack when it is told an outcome",
    from: "const copy",
    to: "if (outcome) return new SessionError(error.code, error.message, { cause: error.cause, outcome });\n  const copy",
  },
  {
    breaks: 34,
    bug: "an error that several calls share says what it was told first",
    from: "const copy",
    to: "if (outcome) return Object.assign(error, { outcome });\n  const copy",
  },
  { breaks: 109, bug: "foreign errors pass as they are", from: "instanceof TypeError", to: "instanceof Error" },
];
