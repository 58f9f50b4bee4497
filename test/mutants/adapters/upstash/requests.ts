import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 2,
    bug: "requests do not know of each other",
    from: "response.headers.get(syncHeader) ?? syncToken",
    to: "''",
  },
  {
    breaks: 3,
    bug: "bytes that are no UTF-8 come back as others",
    from: '"upstash-encoding": "base64"',
    to: '"upstash-encoding": "none"',
  },
  {
    breaks: 36,
    bug: "a request whose answer was lost is sent again",
    from: "fetch(target, { ...options, headers, body, signal })",
    to: "fetch(target, { ...options, headers, body, signal }).catch(() => fetch(target, { ...options, headers, body }))",
  },
  { breaks: 36, bug: "a redirection is followed", from: 'redirect: "manual', to: 'redirect: "follow' },
  {
    breaks: 39,
    bug: "the signal is that of no call",
    from: "? first.call.signal :",
    to: "? new AbortController().signal :",
  },
  {
    breaks: 67,
    bug: "whoever leaves takes the request of all others along",
    from: "if (waiting > 0) return;",
    to: "",
  },
];
