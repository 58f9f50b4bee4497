import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 3,
    bug: "characters are stored in the place of bytes",
    from: "(text:gsub('[\\\\194\\\\195][\\\\128-\\\\191]', bytes))",
    to: "text",
  },
  { breaks: 24, bug: "a script knows another version than a read", from: "(data) .. ':", to: "(data .. ' ') .. ':" },
];
