import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a cursor that no page of the memory has given is refused",
    bug: "any cursor begins somewhere",
    from: "if (shard",
    to: "if (cursor",
  },
  {
    breaks: "every session is listed once all pages are read, by its id and nothing else",
    bug: "the last one that a page has looked at is not in it",
    from: "isExpired(entry)",
    to: "isExpired(entry) && looked < LOOKED_AT",
  },
  {
    breaks: "what was destroyed or has expired is not listed",
    bug: "expired sessions are listed",
    from: "!isExpired(entry)",
    to: "isExpired !== undefined",
  },
];
