import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 20,
    bug: "a creation that was refused counts as done",
    from: "(reply === null ? 1 : [reply])",
    to: "(reply === undefined ? [reply] : 1)",
  },
  {
    breaks: "what has been changed meanwhile",
    needs: "Valkey",
    bug: "a replacement that was refused counts as done",
    from: '(reply === "OK" ? 1 : undefined)',
    to: '(reply === "OK" || reply === null ? 1 : undefined)',
  },
  {
    breaks: "what has been changed meanwhile",
    needs: "Valkey",
    bug: "a destroy that was refused counts as done",
    from: "return reply === 1 ? 1 : undefined;",
    to: "return reply === 1 || reply === 0 ? 1 : undefined;",
  },
];
