import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks:
      "`all` shows the id of each session to whoever lists, copies or prints it, and it is not stored with the session",
    bug: "the id becomes an attribute",
    from: "baseline = { session, image }",
    to: "baseline = { session, image: { ...image, attributes: record.attributes } }",
  },
];
