import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 3,
    bug: "what is left of a connection is kept for the next",
    from: "new ReplyReader",
    to: "(MemcachedConnection as { kept?: ReplyReader }).kept ??= new ReplyReader",
  },
];
