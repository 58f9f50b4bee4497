import type { QuotedMutant } from "../../quoted.ts";

const breaks = "the memory keeps sessions of all sizes as a plain map does, and gives back what they leave";

export const mutants: readonly QuotedMutant[] = [
  {
    breaks,
    bug: "a removed key hides those behind it",
    from: "    this.#closeGap(shard.table, this.#placeOf(slot, shard.table, hash));",
    to: "    shard.table[this.#placeOf(slot, shard.table, hash)] = NONE;",
  },
  {
    breaks,
    bug: "keys move before the place where they are sought",
    from: ") < ((at - gap)",
    to: ") < 0 * ((at - gap)",
  },
  {
    breaks,
    bug: "a table that doubles keeps the old places",
    from: "this.#placeOf(NONE, shard.table, this.#slots.hashOf(slot))] = slot",
    to: "before.indexOf(slot)] = slot",
  },
];
