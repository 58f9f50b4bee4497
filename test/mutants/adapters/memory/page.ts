import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a cursor that no page of the memory has given is refused",
    bug: "any cursor begins somewhere",
    from: "if (slot === undefined",
    to: "if (cursor === undefined",
  },
  {
    breaks: "every session is listed once all pages are read, by its id and nothing else",
    bug: "the last one that a page has looked at is not in it",
    from: "!isExpired(slot)",
    to: "!isExpired(slot) && looked < LOOKED_AT - 1",
  },
  {
    breaks: "destroyed and expired sessions are not listed",
    bug: "expired sessions are listed",
    from: "!isExpired(slot)",
    to: "isExpired !== undefined",
  },
  {
    breaks: "all sessions may be destroyed page by page",
    bug: "a cursor counts what it has passed",
    from: "let last = slotOf(cursor);",
    to: "let last = NONE;\n  for (let passed = slotOf(cursor); passed > 0; passed -= 1) last = sessions.slots.next(last);",
  },
  {
    breaks:
      "a session that exists during the whole listing is listed, whatever is created, destroyed and used between the pages",
    bug: "a page leaves out the first one behind the page before",
    from: `\`after:\${last}`,
    to: `\`after:\${last + 1}`,
  },
];
