import type { QuotedMutant } from "../../quoted.ts";

const ofTexts = "a record is written as if nothing of its text had been kept";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 99,
    bug: "an attribute __proto__ is lost",
    from: "    const known = this.#known.find(name, value);\n",
    to: '    const known = this.#known.find(name, value);\n    if (name === "__proto__") return;\n',
  },
  {
    breaks: ofTexts,
    bug: "members that do not stand side by side are copied with what stands between",
    from: "start !== this.#copiedTo + 1",
    to: "this.#copiedTo === NOWHERE",
  },
  {
    breaks: ofTexts,
    bug: "the places of members that are copied together are those of the first one",
    from: "end: end + shift",
    to: "end: end + this.#length - start",
  },
  {
    breaks: ofTexts,
    bug: "the bytes of a record are overwritten by the next one",
    from: "this.#bytes.slice(0, this.#length)",
    to: "this.#bytes.subarray(0, this.#length)",
  },
  {
    breaks: ofTexts,
    bug: "what was written before more room was made is lost",
    from: "    grown.set(this.#bytes.subarray(0, this.#length));\n",
    to: "",
  },
  {
    breaks: ofTexts,
    bug: "room is made for text as if it were ASCII",
    from: "text.length * MAX_UNIT_BYTES",
    to: "text.length",
  },
];
