import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "a member beside the bags",
    bug: "a new bag comes first",
    from: "[...members, member]",
    to: "[member, ...members]",
  },
  {
    breaks: "one that PHP would keep stays",
    bug: "a session ends with its attributes, whatever else is there",
    from: "    return isBag && value",
    to: "    return !isBag || value",
  },
  {
    breaks: 152,
    bug: "a bag that is a reference is replaced by one without its members",
    from: 'bagIn(members, key)?.kind === "reference"',
    to: 'bagIn(members, key)?.kind === "enum"',
  },
];
