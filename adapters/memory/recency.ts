import { NEWER, NONE, OLDER, type Slots } from "./slots.ts";

/** The order of last uses, from oldest to newest, as a linked list through the slots. */
export class Recency {
  readonly #slots: Slots;
  #newest = NONE;
  /** The least recently used session. */
  oldest: number = NONE;

  constructor(slots: Slots) {
    this.#slots = slots;
  }

  newer(slot: number): number {
    return this.#slots.get(slot, NEWER);
  }

  addNewest(slot: number): void {
    this.#link(this.#newest, slot);
    this.#link(slot, NONE);
  }

  remove(slot: number): void {
    this.#link(this.#slots.get(slot, OLDER), this.#slots.get(slot, NEWER));
  }

  #link(older: number, newer: number): void {
    if (older === NONE) this.oldest = newer;
    else this.#slots.set(older, NEWER, newer);
    if (newer === NONE) this.#newest = older;
    else this.#slots.set(newer, OLDER, older);
  }
}
