/** The ranges of values by their slots. Two numbers in a flat array take a fraction of the memory of an object. */
export class Positions {
  /** The number of slots, including slot 0, which no value has. */
  count = 1;
  #offsets: Int32Array;

  /** Reserves room for a value every 16 bytes, which is more than most sessions have. */
  constructor(bytes: number) {
    this.#offsets = new Int32Array(64 + (bytes >> 3));
  }

  /** Adds a value, with the next slot. */
  add(start: number, end: number): number {
    const slot = this.count;
    this.count = slot + 1;
    if (2 * slot + 1 >= this.#offsets.length) this.#grow();
    this.#offsets[2 * slot] = start;
    this.#offsets[2 * slot + 1] = end;
    return slot;
  }

  startOf(slot: number): number {
    return this.#offsets[2 * slot] as number;
  }

  endOf(slot: number): number {
    return this.#offsets[2 * slot + 1] as number;
  }

  #grow(): void {
    const larger = new Int32Array(2 * this.#offsets.length);
    larger.set(this.#offsets);
    this.#offsets = larger;
  }
}
