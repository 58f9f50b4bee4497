import type { QuotedMutant } from "../../quoted.ts";

const breaks = "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave";

export const mutants: readonly QuotedMutant[] = [
  { breaks, bug: "a session is not told where its record went", from: "    this.#onMove(slot, to);\n", to: "" },
  {
    breaks,
    bug: "a removed record leaves a gap, in which another one is lost",
    from: "    if (cell !== this.#count) this.#move(this.#count, cell);\n",
    to: "",
  },
  { breaks, bug: "a slab that grows loses what is in it", from: "    if (filled) slab.bytes.set(filled);\n", to: "" },
  { breaks, bug: "a slab that gets smaller loses a record", from: "0, this.#count * ", to: "0, (this.#count - 1) * " },
  { breaks, bug: "slabs are never given back", from: "    this.#shrink();\n", to: "" },
  { breaks, bug: "a slab is dropped too early", from: "(slabs.length - 1.5)", to: "(slabs.length - 0.5)" },
  {
    breaks,
    bug: "a large record takes the place of its neighbour",
    from: "this.#slabs[to] = this.#slabOf(from)",
    to: "this.#slabs[from] = this.#slabOf(to)",
  },
];
