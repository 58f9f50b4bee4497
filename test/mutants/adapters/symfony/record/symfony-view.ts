import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: "what stands beside the bags",
    bug: "a new bag comes first",
    from: "[...members, { key, value, start: 0 }]",
    to: "[{ key, value, start: 0 }, ...members]",
  },
  {
    breaks: "one that PHP would keep stays",
    bug: "a session ends with its attributes, whatever else is there",
    from: "    return isBag && (value",
    to: "    return !isBag || (value",
  },
];
