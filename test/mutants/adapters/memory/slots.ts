import type { QuotedMutant } from "../../quoted.ts";

const breaks = "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks,
    bug: "a slot is given twice",
    from: "    chunk.firstFree = this.get(slot, NEWER);\n",
    to: "    chunk.firstFree = this.get(slot, NEWER) || slot;\n",
  },
  { breaks, bug: "what is free is never used again", from: "      chunk.firstFree = slot;\n", to: "" },
  { breaks, bug: "slots are never given back", from: "      this.#drop(number);\n", to: "" },
  {
    breaks,
    bug: "a walk ends where a part is empty",
    from: "candidate = firstOfNextChunk(candidate)",
    to: "return NONE",
  },
  { breaks, bug: "a walk meets slots that are free", from: ", SLOT_BYTES).fill(0)", to: ", KEY_CODE).fill(0)" },
];
