import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks:
      "an error of the package passes a decorated listing unchanged and a foreign one is wrapped, both without an outcome",
    bug: "a listing counts as a change",
    from: '" && this.kind !== "list"',
    to: '"',
  },
  {
    breaks: "changes that the caller makes while its listing waits for a check have no effect",
    bug: "the options are read after the check",
    from: "    this.#options = copyOptions(this.#options);\n",
    to: "",
  },
];
