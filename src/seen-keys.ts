/**
 * Tells keys that have come before from those that come for the first time. It keeps a mark for each and not the key itself, so that it
 * takes some for known that are not; and it begins anew when half of the room is marked.
 */
export class SeenKeys {
  readonly #size: number;
  #marks: Uint8Array | undefined;
  #marked = 0;

  /** `size`: the number of marks, a byte each. */
  constructor(size: number) {
    this.#size = size;
  }

  /** Marks a key. Answers whether it was marked before. */
  mark(key: string): boolean {
    const marks = this.#room();
    const place = hashOf(key) % this.#size;
    if (marks[place] === 1) return true;
    marks[place] = 1;
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

/** FNV-1a, of units of UTF-16 in the place of bytes. Whoever finds keys that collide only has them taken for known. */
function hashOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < key.length; index += 1) hash = Math.imul(hash ^ key.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
