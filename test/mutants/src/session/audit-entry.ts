import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "an audit log has the creation",
    bug: "an audit log shows the key, in which an id may stand",
    from: 'if ("key" in event) return sessions.hashOf(event.key)',
    to: 'if ("key" in event) return event.key',
  },
  {
    breaks: "an audit log in another process",
    bug: "an audit log of another process does not name the session",
    from: 'return "keyHash" in event ? event.keyHash : undefined',
    to: "return undefined",
  },
  {
    breaks: "an audit log says who was refused",
    bug: "an audit log does not tell an outage from a time limit",
    from: 'isSessionError(event.error) ? event.error.code : "failed"',
    to: '"failed"',
  },
];
