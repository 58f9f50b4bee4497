/** Approximate size of a slab in bytes, unless one cell is larger. */
const SLAB_BYTES = 1_048_576;
const FIRST_SLAB_BYTES = 4096;

/** Size of the header in bytes. Each cell starts with the slot of its session. */
export const CELL_HEADER_BYTES = 4;

interface Slab {
  readonly bytes: Uint8Array;
  readonly view: DataView;
}

/** Called with the new cell of a slot's record. */
export type OnMove = (slot: number, cell: number) => void;

/**
 * Records of one size class, without gaps: when one is removed, the last one moves to its place. All slabs but the last
 * are therefore full, and an empty one is dropped. The first slab grows with its content.
 */
export class Cells {
  readonly #cellBytes: number;
  readonly #perSlab: number;
  readonly #onMove: OnMove;
  #slabs: Slab[] = [];
  #count = 0;

  constructor(cellBytes: number, onMove: OnMove) {
    this.#cellBytes = cellBytes;
    this.#perSlab = Math.max(1, Math.floor(SLAB_BYTES / cellBytes));
    this.#onMove = onMove;
  }

  /** The bytes held for these records, used or not. */
  get heldBytes(): number {
    return this.#slabs.reduce((sum, { bytes }) => sum + bytes.byteLength, 0);
  }

  /** Makes room for the record of a session. */
  add(slot: number): number {
    const cell = this.#count;
    this.#grow(cell);
    this.#count += 1;
    this.#slabOf(cell).view.setUint32(this.startOf(cell), slot, true);
    return cell;
  }

  remove(cell: number): void {
    this.#count -= 1;
    if (cell !== this.#count) this.#move(this.#count, cell);
    this.#shrink();
  }

  /** Returns the slab of a cell; {@link Cells.startOf} returns its offset. */
  bytesOf(cell: number): Uint8Array {
    return this.#slabOf(cell).bytes;
  }

  startOf(cell: number): number {
    return (cell % this.#perSlab) * this.#cellBytes;
  }

  #slabOf(cell: number): Slab {
    return this.#slabs[(cell / this.#perSlab) | 0] as Slab; // a cell in use has a slab
  }

  #move(from: number, to: number): void {
    const slot = this.#slabOf(from).view.getUint32(this.startOf(from), true);
    if (this.#perSlab === 1) {
      this.#slabs[to] = this.#slabOf(from); // large slabs are not copied
    } else {
      const start = this.startOf(from);
      this.bytesOf(to).set(this.bytesOf(from).subarray(start, start + this.#cellBytes), this.startOf(to));
    }
    this.#onMove(slot, to);
  }

  #grow(cell: number): void {
    if (cell >= this.#perSlab) {
      if (cell === this.#slabs.length * this.#perSlab) this.#slabs.push(this.#createSlab(this.#perSlab));
    } else if (cell === this.#firstSlabCells) {
      const least = Math.max(1, Math.floor(FIRST_SLAB_BYTES / this.#cellBytes));
      this.#resizeFirstSlab(Math.min(this.#perSlab, Math.max(least, 2 * cell)));
    }
  }

  /**
   * Drops an empty slab. It stays while the one before is more than half full, so that a single session does not add
   * and drop it again and again.
   */
  #shrink(): void {
    const slabs = this.#slabs;
    if (this.#count === 0) this.#slabs = [];
    else if (slabs.length > 1) {
      if (this.#count <= (slabs.length - 1.5) * this.#perSlab || this.#perSlab === 1) slabs.pop();
    } else if (this.#count < this.#firstSlabCells / 4) this.#resizeFirstSlab(Math.ceil(this.#firstSlabCells / 2));
  }

  get #firstSlabCells(): number {
    return (this.#slabs[0]?.bytes.byteLength ?? 0) / this.#cellBytes;
  }

  #resizeFirstSlab(cells: number): void {
    const slab = this.#createSlab(cells);
    const filled = this.#slabs[0]?.bytes.subarray(0, this.#count * this.#cellBytes);
    if (filled) slab.bytes.set(filled);
    this.#slabs[0] = slab;
  }

  #createSlab(cells: number): Slab {
    const bytes = new Uint8Array(cells * this.#cellBytes);
    return { bytes, view: new DataView(bytes.buffer) };
  }
}
