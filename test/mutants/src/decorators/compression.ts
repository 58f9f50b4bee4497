import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 130,
    bug: "a record grows where its data cannot be compressed",
    from: "compressed.length < data.length",
    to: "true",
  },
  {
    breaks: "data from the threshold on is stored smaller",
    bug: "the threshold is that of the default",
    from: "data.length < thresholdBytes",
    to: "data.length < 1024",
  },
  {
    breaks: "data from the threshold on is stored smaller",
    bug: "what is as large as the threshold counts as below it",
    from: "data.length < thresholdBytes",
    to: "data.length <= thresholdBytes",
  },
  {
    breaks: "with room for one byte, whatever has the stated maximum size is stored",
    bug: "the maximum size leaves no room for the mark",
    from: "Math.max(maxBytes - 1, 1)",
    to: "maxBytes",
  },
];
