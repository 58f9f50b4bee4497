import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 115,
    bug: "nobody looks whether a silent connection to the keyspace is alive",
    from: "await callWithin(this.#host, pingTimeoutMs, () => client.ping());",
    to: "",
  },
  {
    breaks: 115,
    bug: "what was missed of the keyspace is no gap",
    from: "        onGap();\n",
    to: "        if (isFirst) onGap();\n",
  },
];
