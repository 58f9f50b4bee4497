import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 115,
    bug: "a subscription anew is no gap",
    from: "        onGap();\n",
    to: "        if (isFirst) onGap();\n",
  },
  {
    breaks: 115,
    bug: "no echo is waited for",
    from: "await this.#hearEcho();",
    to: "continue;",
  },
  {
    breaks: 115,
    bug: "the connection is kept where it was deaf",
    from: "if (!isFirst) await",
    to: "if (connections === undefined) await",
  },
];
