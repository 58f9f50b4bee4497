import { NONE } from "./slots.ts";

const LOG_SHARDS = 8;
const SHARDS = 1 << LOG_SHARDS;
const FIRST_CAPACITY = 8;

/** A table of slots, each at the position of its key's hash or behind it, without a gap in between. */
interface Shard {
  table: Uint32Array;
  count: number;
}

/** The methods of the slots that the index uses. */
export interface IndexedSlots {
  hashOf(slot: number): number;
  hasKey(slot: number, key: string): boolean;
}

/**
 * Finds slots by their keys, which it does not store. It consists of many small tables that double independently, so
 * that no operation waits until all sessions are rehashed.
 */
export class KeyIndex {
  readonly #slots: IndexedSlots;
  readonly #shards: (Shard | undefined)[] = [];
  #size = 0;

  constructor(slots: IndexedSlots) {
    this.#slots = slots;
  }

  get size(): number {
    return this.#size;
  }

  /** The bytes held for the tables. */
  get heldBytes(): number {
    return this.#shards.reduce((sum, shard) => sum + (shard?.table.byteLength ?? 0), 0);
  }

  find(key: string, hash: number): number {
    const shard = this.#shards[hash & (SHARDS - 1)];
    if (shard === undefined) return NONE;
    for (let at = homeIn(shard.table, hash); ; at = nextIn(shard.table, at)) {
      const slot = slotAt(shard.table, at);
      if (slot === NONE || (this.#slots.hashOf(slot) === hash && this.#slots.hasKey(slot, key))) return slot;
    }
  }

  /** Adds the slot of a key that is not in the index. */
  add(slot: number, hash: number): void {
    const shard = this.#shards[hash & (SHARDS - 1)] ?? { table: new Uint32Array(FIRST_CAPACITY), count: 0 };
    this.#shards[hash & (SHARDS - 1)] = shard;
    if (4 * shard.count >= 3 * shard.table.length) this.#resize(shard, 2 * shard.table.length);
    shard.table[this.#placeOf(NONE, shard.table, hash)] = slot;
    shard.count += 1;
    this.#size += 1;
  }

  /** Removes a slot that is in the index. */
  delete(slot: number, hash: number): void {
    const shard = this.#shards[hash & (SHARDS - 1)];
    if (shard === undefined) return;
    this.#closeGap(shard.table, this.#placeOf(slot, shard.table, hash));
    shard.count -= 1;
    this.#size -= 1;
    if (shard.count === 0) this.#shards[hash & (SHARDS - 1)] = undefined;
    else if (8 * shard.count < shard.table.length) this.#resize(shard, shard.table.length / 2);
  }

  #placeOf(slot: number, table: Uint32Array, hash: number): number {
    let at = homeIn(table, hash);
    while (slotAt(table, at) !== slot) at = nextIn(table, at);
    return at;
  }

  /** Moves back the entries behind a gap that would no longer be found. */
  #closeGap(table: Uint32Array, gapAt: number): void {
    const mask = table.length - 1;
    let gap = gapAt;
    for (let at = nextIn(table, gap); slotAt(table, at) !== NONE; at = nextIn(table, at)) {
      const home = homeIn(table, this.#slots.hashOf(slotAt(table, at)));
      if (((at - home) & mask) < ((at - gap) & mask)) continue;
      table[gap] = slotAt(table, at);
      gap = at;
    }
    table[gap] = NONE;
  }

  #resize(shard: Shard, capacity: number): void {
    const before = shard.table;
    shard.table = new Uint32Array(Math.max(FIRST_CAPACITY, capacity));
    for (const slot of before) {
      if (slot !== NONE) shard.table[this.#placeOf(NONE, shard.table, this.#slots.hashOf(slot))] = slot;
    }
  }
}

/** Returns the position within a table, from the bits of the hash that did not choose the table. */
function homeIn(table: Uint32Array, hash: number): number {
  return (hash >>> LOG_SHARDS) & (table.length - 1);
}

function nextIn(table: Uint32Array, at: number): number {
  return (at + 1) & (table.length - 1);
}

function slotAt(table: Uint32Array, at: number): number {
  return table[at] ?? NONE;
}
