import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 3,
    bug: "characters are stored in the place of bytes",
    from: "(text:gsub('[\\\\194\\\\195][\\\\128-\\\\191]', bytes))",
    to: "text",
  },
  {
    breaks: 3,
    bug: "bytes are returned as they are, and become others in JSON",
    from: "(data:gsub('[\\\\128-\\\\255]', characters))",
    to: "data",
  },
  { breaks: 24, bug: "the version is another one than over TCP", from: "(data) .. ':", to: "(data .. ' ') .. ':" },
];
