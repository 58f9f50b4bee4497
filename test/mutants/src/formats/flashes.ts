import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 95,
    bug: "equal messages are the same in the native format",
    from: "{ id: randomText(6)",
    to: "{ id: JSON.stringify(value)",
  },
];
