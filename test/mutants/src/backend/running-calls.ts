import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  { breaks: 40, bug: "a closed handler goes on working", from: "    this.#isClosed = true;\n", to: "" },
  {
    breaks: 40,
    bug: "what is under way goes on after the close",
    from: "    for (const call of this.#list.toArray()) call.close();\n",
    to: "",
  },
];
