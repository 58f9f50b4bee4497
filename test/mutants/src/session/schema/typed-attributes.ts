import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 142,
    bug: "a value is stored as it is given if others are still missing",
    from: "attributes.set(name, this.#valueOf(name, verdict.output))",
    to: "this.#valueOf(name, verdict.output)",
  },
  {
    breaks: 142,
    bug: "what another version has stored prevents every change",
    from: "if (own.length > 0)",
    to: "if (verdict.refused.size > 0)",
  },
  {
    breaks: 142,
    bug: "a forward must have the attributes that the schema requires",
    from: "    if (record.forward) return record;\n",
    to: "",
  },
];
