import type { QuotedMutant } from "../../quoted.ts";

const ofTexts = "a record is written as if nothing of its text had been kept";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: ofTexts,
    bug: "an attribute keeps its text when it is changed",
    from: " && Object.is(text.value, value)",
    to: "",
  },
  {
    breaks: ofTexts,
    bug: "the places of texts are those of the bytes before",
    from: "    this.data = data;\n    this.#texts",
    to: "    this.#texts",
  },
];
