import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 127,
    bug: "whoever has read a ticket gets the session",
    from: "destroyed ? id : undefined",
    to: "id",
  },
  {
    breaks: 127,
    bug: "a ticket whose end is in doubt is tried once more",
    from: "await handler.destroy(key, { replaces: stored.version })",
    to: "await handler.destroy(key, { replaces: stored.version }).catch(async () => ({ destroyed: !(await handler.read(key)) }))",
  },
  {
    breaks: 127,
    bug: "a ticket that is used up is said to be good",
    from: 'replaceOutcome(error, "unknown")',
    to: 'replaceOutcome(error, "not-applied")',
  },
  {
    breaks: 128,
    bug: "a ticket lives for a minute, whatever is said",
    from: "{ replaces: undefined, ttlSeconds }",
    to: "{ replaces: undefined, ttlSeconds: 60 }",
  },
  {
    breaks: 128,
    bug: "a ticket leads through a grace period",
    from: "session?.isReadOnly ? undefined : session",
    to: "session",
  },
  {
    breaks: 129,
    bug: "a ticket may stand where a session could",
    from: "if (!TICKET_PREFIX.startsWith(namespace) && !namespace.startsWith(TICKET_PREFIX)) return;",
    to: "return;",
  },
];
