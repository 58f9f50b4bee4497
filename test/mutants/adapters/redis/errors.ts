import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 35,
    bug: "what the server says is told as it is",
    from: "safeCause(error, knownWords);\n  const reply",
    to: "new Error((error as Error).message);\n  const reply",
  },
  {
    breaks: 35,
    bug: "only what stands in quotes is left out",
    from: "safeCause(error, knownWords);\n  const reply",
    to: "new Error((error as Error).message.replace(/(['\"`]).*\\1/s, \"'…'\"));\n  const reply",
  },
];
