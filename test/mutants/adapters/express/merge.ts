import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 84,
    bug: "express-session's changes in place are not seen",
    from: "known === undefined || !isWrittenAs(value, known)",
    to: "known === undefined || !isWrittenAs",
  },
  {
    breaks: 86,
    bug: "what a request has deleted is still stored",
    from: "    if (!now.attributes.has(name)) session.delete(name);\n",
    to: "",
  },
  {
    breaks: 95,
    bug: "what connect-flash has taken waits for ever",
    from: "message of removed",
    to: "message of removed.slice(removed.length)",
  },
  {
    breaks: "a `cookie.expires` in the past ends the session that it is set on or touched with",
    bug: "a date that other stores have left behind is not told from one that is set",
    from: 'typeof originalMaxAge !== "number"',
    to: "originalMaxAge",
  },
  {
    breaks: "a member `flash` reads as a request has left it: the order of its messages, and types without any",
    bug: "messages are a set, whose order is that of before",
    from: "inPlace(before, now, taken) ?? { removed: before, added: now",
    to: "{ removed: taken, added: without(now, before)",
  },
  {
    breaks: "a member `flash` reads as a request has left it: the order of its messages, and types without any",
    bug: "of equal messages, the last is thought to be removed",
    from: "isRight ? { removed, added: now.slice(staying) } : undefined",
    to: "{ removed, added: now.slice(staying + Number(isRight) * 0) }",
  },
  {
    breaks:
      "where a request reorders messages, those that others add stay, none is doubled, and those in front may be taken",
    bug: "all that there is gives way to what a request has",
    from: "for (const message of removed) session.flash.remove",
    to: "session.flash.take(type);\n  for (const message of before) session.flash.add",
  },
  {
    breaks:
      "where a request reorders messages, those that others add stay, none is doubled, and those in front may be taken",
    bug: "all messages are added anew",
    from: "differsAt < 0 ? left.length : differsAt",
    to: "Math.min(differsAt, 0)",
  },
];
