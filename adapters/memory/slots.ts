/** The number that stands for no session. */
export const NONE = 0;

// The fields of a slot, by offset: first the whole numbers below 2^32, then two floating-point numbers.
export const NEWER = 0;
export const OLDER = 4;
export const HASH = 8;
export const CELL = 12;
export const DATA_LENGTH = 16;
/** The `keyCodeOf` of the key; 0 if there is no session. */
export const KEY_CODE = 20;
export const EXPIRES_AT = 24;
export const VERSION = 32;
const SLOT_BYTES = 40;

const LOG_PER_CHUNK = 10;
const PER_CHUNK = 1 << LOG_PER_CHUNK;

/** A chunk of slots, and a list of its free ones, linked by `NEWER`. */
interface Chunk {
  readonly view: DataView;
  used: number;
  firstFree: number;
}

/**
 * The fixed-size part of every session, invisible to the garbage collector. A session keeps its slot, whose number
 * counts from 1, for its whole life. Slots are allocated in chunks, which are never copied, and are dropped when empty.
 */
export class Slots {
  readonly #chunks: (Chunk | undefined)[] = [];
  /** The first chunk that may have a free slot. */
  #roomFrom = 0;

  /** Returns a slot whose fields are all 0, from the lowest chunk with room, so that the last chunks become empty. */
  take(): number {
    while (this.#chunks[this.#roomFrom]?.firstFree === NONE) this.#roomFrom += 1;
    const chunk = this.#chunks[this.#roomFrom] ?? createChunk(this.#roomFrom);
    this.#chunks[this.#roomFrom] = chunk;
    const slot = chunk.firstFree;
    chunk.firstFree = this.get(slot, NEWER);
    chunk.used += 1;
    this.set(slot, NEWER, 0);
    return slot;
  }

  release(slot: number): void {
    const number = numberOfChunk(slot);
    const chunk = this.#chunks[number];
    if (chunk === undefined) return;
    chunk.used -= 1;
    if (chunk.used === 0) {
      this.#drop(number);
    } else {
      new Uint8Array(chunk.view.buffer, offsetOf(slot), SLOT_BYTES).fill(0);
      this.set(slot, NEWER, chunk.firstFree);
      chunk.firstFree = slot;
    }
    this.#roomFrom = Math.min(this.#roomFrom, number);
  }

  /** Returns the next used slot after this one, or {@link NONE}. */
  next(slot: number): number {
    let candidate = slot + 1;
    const end = this.#chunks.length * PER_CHUNK;
    while (candidate <= end) {
      if (this.#chunks[numberOfChunk(candidate)] === undefined) candidate = firstOfNextChunk(candidate);
      else if (this.get(candidate, KEY_CODE) !== 0) return candidate;
      else candidate += 1;
    }
    return NONE;
  }

  get(slot: number, field: number): number {
    return this.#viewOf(slot).getUint32(offsetOf(slot) + field, true);
  }

  set(slot: number, field: number, value: number): void {
    this.#viewOf(slot).setUint32(offsetOf(slot) + field, value, true);
  }

  getNumber(slot: number, field: number): number {
    return this.#viewOf(slot).getFloat64(offsetOf(slot) + field, true);
  }

  setNumber(slot: number, field: number, value: number): void {
    this.#viewOf(slot).setFloat64(offsetOf(slot) + field, value, true);
  }

  /** The bytes held for slots, used or not. */
  get heldBytes(): number {
    return this.#chunks.filter((chunk) => chunk !== undefined).length * PER_CHUNK * SLOT_BYTES;
  }

  #viewOf(slot: number): DataView {
    return (this.#chunks[numberOfChunk(slot)] as Chunk).view; // a slot in use has a chunk
  }

  #drop(number: number): void {
    this.#chunks[number] = undefined;
    while (this.#chunks.length > 0 && this.#chunks.at(-1) === undefined) this.#chunks.pop();
  }
}

function createChunk(number: number): Chunk {
  const view = new DataView(new ArrayBuffer(PER_CHUNK * SLOT_BYTES));
  const first = number * PER_CHUNK + 1;
  for (let index = 0; index < PER_CHUNK - 1; index += 1) {
    view.setUint32(index * SLOT_BYTES + NEWER, first + index + 1, true);
  }
  return { view, used: 0, firstFree: first };
}

function numberOfChunk(slot: number): number {
  return (slot - 1) >>> LOG_PER_CHUNK;
}

function offsetOf(slot: number): number {
  return ((slot - 1) & (PER_CHUNK - 1)) * SLOT_BYTES;
}

function firstOfNextChunk(slot: number): number {
  return (numberOfChunk(slot) + 1) * PER_CHUNK + 1;
}
