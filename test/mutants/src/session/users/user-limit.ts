import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 124,
    bug: "a list forgets nothing by itself",
    from: "!isPowerOfTwo(others.length, MANY)",
    to: "true",
  },
  {
    breaks: 126,
    bug: "a session that gets another id counts twice",
    from: "const handles = [...new Set(living.map(({ handle }) => handle))];",
    to: "const handles = living.map(({ handle }) => handle);",
  },
  {
    breaks: 126,
    bug: "there is one session more than there may be",
    from: "handles.length + 1 - maxSessions",
    to: "handles.length - maxSessions",
  },
  {
    breaks: 126,
    bug: "what gives way is taken out of the list and not ended",
    from: "await sessions.endAll(\n    user,",
    to: "await ((...given: unknown[]) => given.length)(\n    user,",
  },
  {
    breaks: 126,
    bug: "what has ended by itself keeps its place",
    from: "const living = await sessions.verified(user, others);",
    to: "const living = others;",
  },
  {
    breaks: "a session that gives way is reported with the reason",
    bug: "a session that gives way is reported as ended by request",
    from: '"limit",',
    to: '"user",',
  },
];
