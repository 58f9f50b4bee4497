import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 141,
    bug: "the old key is never given up: the last one encrypts",
    from: "this.firstId = first[0];",
    to: "this.firstId = (others.at(-1) ?? first)[0];",
  },
  {
    breaks: 32,
    bug: "a failed key service is a missing key",
    from: "Promise.reject(asUnavailable(error))",
    to: "undefined",
  },
];
