/**
 * Tells keys seen before from keys seen for the first time. It stores a mark for each key instead of the key itself, so
 * it takes some new keys for seen. It starts over once half of the marks are set.
 */
export class SeenKeys {
  readonly #size: number;
  #marks: Uint8Array | undefined;
  #marked = 0;

  /** Takes the number of marks, one byte each. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Marks a key. Returns `true` if it was already marked. */
  mark(key: string): boolean {
    const marks = this.#room();
    const index = hashOf(key) % this.#size;
    if (marks[index] === 1) return true;
    marks[index] = 1;
    this.#marked += 1;
    return false;
  }

  #room(): Uint8Array {
    this.#marks ??= new Uint8Array(this.#size);
    if (this.#marked > this.#size / 2) {
      this.#marks.fill(0);
      this.#marked = 0;
    }
    return this.#marks;
  }
}

/** FNV-1a, over UTF-16 units instead of bytes. Colliding keys do no harm: they are only taken for seen. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
