import { CELL_HEADER_BYTES, Cells } from "./cells.ts";
import { createHash } from "./hash.ts";
import { KeyIndex } from "./key-index.ts";
import { isKeyAt, keyBytesOf, keyCodeOf, readKey, writeKey } from "./keys.ts";
import { bytesOfClass, sizeClassOf } from "./size-classes.ts";
import { CELL, DATA_LENGTH, HASH, KEY_CODE, Slots } from "./slots.ts";

/**
 * Stores keys and data of sessions by their slots. A million sessions take a few thousand buffers, so the garbage
 * collector has little to traverse, and the space of removed sessions is reused.
 */
export class SessionTable {
  readonly slots: Slots = new Slots();
  readonly #index = new KeyIndex({
    hashOf: (slot) => this.slots.get(slot, HASH),
    hasKey: (slot, key) => this.#hasKey(slot, key),
  });
  readonly #hash = createHash();
  /** The cells, by size class. */
  readonly #cells: (Cells | undefined)[] = [];
  #dataBytes = 0;

  get size(): number {
    return this.#index.size;
  }

  /** The bytes of data of all sessions together. */
  get dataBytes(): number {
    return this.#dataBytes;
  }

  /** All bytes held, used or not. */
  get heldBytes(): number {
    const inCells = this.#cells.reduce((sum, cells) => sum + (cells?.heldBytes ?? 0), 0);
    return inCells + this.slots.heldBytes + this.#index.heldBytes;
  }

  find(key: string): number {
    return this.#index.find(key, this.#hash(key));
  }

  /** Adds an absent key and its data. */
  add(key: string, data: Uint8Array): number {
    const slot = this.slots.take();
    const hash = this.#hash(key);
    try {
      this.slots.set(slot, HASH, hash);
      this.slots.set(slot, KEY_CODE, keyCodeOf(key));
      this.#place(slot, key, data);
    } catch (error) {
      this.slots.release(slot); // out of memory
      throw error;
    }
    this.#index.add(slot, hash);
    return slot;
  }

  replaceData(slot: number, data: Uint8Array): void {
    const before = this.#cellsOf(slot);
    const cell = this.slots.get(slot, CELL);
    const lengthBefore = this.slots.get(slot, DATA_LENGTH);
    if (this.#cellsFor(slot, data.byteLength) === before) {
      this.#putData(slot, data);
    } else {
      this.#place(slot, this.keyOf(slot), data);
      before.remove(cell);
    }
    this.#dataBytes -= lengthBefore;
  }

  remove(slot: number): void {
    this.#index.delete(slot, this.slots.get(slot, HASH));
    this.#dataBytes -= this.slots.get(slot, DATA_LENGTH);
    this.#cellsOf(slot).remove(this.slots.get(slot, CELL));
    this.slots.release(slot);
  }

  keyOf(slot: number): string {
    return readKey(this.#bytesOf(slot), this.#keyStartOf(slot), this.slots.get(slot, KEY_CODE));
  }

  /** Returns a copy of the data. */
  dataOf(slot: number): Uint8Array {
    const start = this.#dataStartOf(slot);
    return this.#bytesOf(slot).slice(start, start + this.slots.get(slot, DATA_LENGTH));
  }

  #hasKey(slot: number, key: string): boolean {
    return isKeyAt(this.#bytesOf(slot), this.#keyStartOf(slot), key, this.slots.get(slot, KEY_CODE));
  }

  /** Finds a new cell for a session, and writes all of it there. */
  #place(slot: number, key: string, data: Uint8Array): void {
    const cell = this.#cellsFor(slot, data.byteLength).add(slot);
    this.slots.set(slot, CELL, cell);
    this.#putData(slot, data);
    writeKey(this.#bytesOf(slot), this.#keyStartOf(slot), key, this.slots.get(slot, KEY_CODE));
  }

  #putData(slot: number, data: Uint8Array): void {
    this.slots.set(slot, DATA_LENGTH, data.byteLength);
    this.#bytesOf(slot).set(data, this.#dataStartOf(slot));
    this.#dataBytes += data.byteLength;
  }

  #cellsFor(slot: number, dataLength: number): Cells {
    const bytes = CELL_HEADER_BYTES + keyBytesOf(this.slots.get(slot, KEY_CODE)) + dataLength;
    const sizeClass = sizeClassOf(bytes);
    const cells = this.#cells[sizeClass] ?? this.#createCells(sizeClass);
    this.#cells[sizeClass] = cells;
    return cells;
  }

  #createCells(sizeClass: number): Cells {
    return new Cells(bytesOfClass(sizeClass), (slot, cell) => this.slots.set(slot, CELL, cell));
  }

  #cellsOf(slot: number): Cells {
    return this.#cellsFor(slot, this.slots.get(slot, DATA_LENGTH));
  }

  #bytesOf(slot: number): Uint8Array {
    return this.#cellsOf(slot).bytesOf(this.slots.get(slot, CELL));
  }

  #keyStartOf(slot: number): number {
    return this.#cellsOf(slot).startOf(this.slots.get(slot, CELL)) + CELL_HEADER_BYTES;
  }

  #dataStartOf(slot: number): number {
    return this.#keyStartOf(slot) + keyBytesOf(this.slots.get(slot, KEY_CODE));
  }
}
