import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 130,
    bug: "data that begins with the mark is taken for a compressed record",
    from: "data[0] !== MARK",
    to: "true",
  },
  {
    breaks: 43,
    bug: "bytes after a compressed record are ignored",
    from: "sizeIn(record) === bytes.length",
    to: "sizeIn(record) <= bytes.length",
  },
];
