import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 130,
    bug: "data that begins with the mark is taken for a compressed record",
    from: "data[0] === MARK",
    to: "false",
  },
  {
    breaks: 43,
    bug: "a record that cannot be decompressed is plain data",
    from: "record[1] !== MARK",
    to: "record[1] === 0x78",
  },
];
