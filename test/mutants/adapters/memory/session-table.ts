import type { QuotedMutant } from "../../quoted.ts";

const breaks = "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks: 4,
    bug: "the stored bytes themselves are handed out",
    from: "return this.#bytesOf(slot).slice(",
    to: "return this.#bytesOf(slot).subarray(",
  },
  {
    breaks: 44,
    bug: "all answers share one buffer",
    from: "    return this.#bytesOf(slot).slice(start, start + this.slots.get(slot, DATA_LENGTH));\n  }",
    to: "    this.#scratch.set(this.#bytesOf(slot).subarray(start, start + this.slots.get(slot, DATA_LENGTH)));\n    return this.#scratch.subarray(0, this.slots.get(slot, DATA_LENGTH));\n  }\n  readonly #scratch = new Uint8Array(2_000_000);",
  },
  { breaks, bug: "a record that has grown leaves its old one behind", from: "      before.remove(cell);\n", to: "" },
  {
    breaks,
    bug: "a record that fits keeps the length of what was there",
    from: "    this.slots.set(slot, DATA_LENGTH, data.byteLength);\n",
    to: "    this.slots.set(slot, DATA_LENGTH, this.slots.get(slot, DATA_LENGTH) || data.byteLength);\n",
  },
  { breaks, bug: "bytes that were replaced still count", from: "    this.#dataBytes -= lengthBefore;\n", to: "" },
  {
    breaks,
    bug: "a session that is removed stays in its slab",
    from: "    this.#cellsOf(slot).remove(this.slots.get(slot, CELL));\n",
    to: "",
  },
  {
    breaks,
    bug: "a key is written over the end of its neighbour",
    from: "writeKey(this.#bytesOf(slot), this.#keyStartOf(slot),",
    to: "writeKey(this.#bytesOf(slot), this.#keyStartOf(slot) - 1,",
  },
];
