import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 2, bug: "requests do not know of each other", from: "answer.syncToken ?? syncToken", to: "''" },
  {
    breaks: 36,
    bug: "a request whose answer was lost is sent again",
    from: "(url, request)",
    to: "(url, request).catch(() => fetch(url, request))",
  },
  { breaks: 36, bug: "a redirection is followed", from: 'redirect: "manual', to: 'redirect: "follow' },
  {
    breaks: 39,
    bug: "the signal is that of no call",
    from: "signal, command);",
    to: "new AbortController().signal, command);",
  },
];
