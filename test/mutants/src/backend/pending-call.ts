import type { QuotedMutant } from "../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 32,
    bug: "a failed read reads as absence",
    from: "this.#end() && reject(",
    to: "this.#end() && (this.changes ? reject : (resolve as never as typeof reject))(",
  },
  {
    breaks: 71,
    bug: "a late rejection is nobody's",
    from: "Promise.resolve(answer).then(\n",
    to: "void Promise.resolve(answer).then(() => {});\n    Promise.resolve(answer).then(\n",
  },
];
