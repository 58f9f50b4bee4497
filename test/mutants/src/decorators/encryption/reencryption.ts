import type { QuotedMutant } from "../../../quoted.ts";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 141,
    bug: "a rotation writes everything again",
    from: '    if (this.#cipher.isCurrent(stored.data)) return "current";\n',
    to: "",
  },
  {
    breaks: 18,
    bug: "a rotation replaces whatever is there, and creates what is not",
    from: "replaces: stored.version",
    to: "replaces: (await this.#handler.read(id))?.version",
  },
];
