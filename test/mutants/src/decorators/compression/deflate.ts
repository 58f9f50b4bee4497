import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 131, bug: "decompressed data may have any size", from: "size > maxBytes", to: "false" },
  {
    breaks: 131,
    bug: "what is too large is decompressed to its end",
    from: "reader.cancel().catch(() => {});",
    to: "while (!(await reader.read()).done);",
  },
  {
    breaks: 43,
    bug: "the checksum is left to the runtime, and Node.js 20 ignores what follows the data",
    from: "checksumIn(data) === adler32(result)",
    to: "true",
  },
];
