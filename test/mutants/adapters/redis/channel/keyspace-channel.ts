import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 119,
    bug: "closing leaves the connections to the keyspace",
    from: 'ending.addEventListener("abort", () => connections.close());',
    to: "",
  },
  {
    breaks: 121,
    bug: "every key is one of a session",
    from: "key.startsWith(prefix + keysBeginWith)",
    to: "key.startsWith(prefix)",
  },
];
