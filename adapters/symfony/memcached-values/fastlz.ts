/** The maximum of a length in three bits. It means that the rest follows. */
const MAX_SHORT_LENGTH = 7;

/** The maximum of a distance in 13 bits. On level 2, it means that the rest follows. */
const MAX_SHORT_DISTANCE = 8191;

/**
 * Decompresses FastLZ of level 1 or 2 (https://ariya.github.io/FastLZ/). Returns `undefined` unless the data is
 * complete and decompresses to exactly `length` bytes.
 */
export function decompressFastLz(data: Uint8Array, length: number): Uint8Array | undefined {
  const [first = 0xff] = data;
  const level = first >> 5;
  return level <= 1 ? new FastLzReader(data, length, level === 1).read() : undefined;
}

/** Executes instructions, which copy literal bytes or repeat earlier output. */
class FastLzReader {
  readonly #data: Uint8Array;
  readonly #output: Uint8Array;
  readonly #isLevel2: boolean;
  #position = 0;
  #written = 0;

  constructor(data: Uint8Array, length: number, isLevel2: boolean) {
    this.#data = data;
    this.#output = new Uint8Array(length);
    this.#isLevel2 = isLevel2;
  }

  read(): Uint8Array | undefined {
    // The first byte contains the level instead of a length.
    let control = this.#byte() & 31;
    for (;;) {
      const isValid = control < 32 ? this.#takeOver(control + 1) : this.#repeat(control);
      if (!isValid) return undefined;
      if (this.#position === this.#data.length) break;
      control = this.#byte();
    }
    return this.#written === this.#output.length ? this.#output : undefined;
  }

  /** Returns the next byte, or `NaN` after the end, which fails every check of bounds. */
  #byte(): number {
    const byte = this.#data[this.#position] ?? Number.NaN;
    this.#position += 1;
    return byte;
  }

  #takeOver(length: number): boolean {
    const end = this.#position + length;
    if (end > this.#data.length || this.#written + length > this.#output.length) return false;
    this.#output.set(this.#data.subarray(this.#position, end), this.#written);
    this.#position = end;
    this.#written += length;
    return true;
  }

  #repeat(control: number): boolean {
    const length = this.#lengthFrom(control >> 5) + 2;
    const start = this.#written - this.#distanceFrom(control & 31);
    const end = this.#written + length;
    if (!(start >= 0 && end <= this.#output.length)) return false;
    if (start + length <= this.#written) this.#output.copyWithin(this.#written, start, start + length);
    else this.#repeatOverlapping(start, end);
    this.#written = end;
    return true;
  }

  /** Repeats a range that overlaps with its own repetition. */
  #repeatOverlapping(start: number, end: number): void {
    for (let from = start, to = this.#written; to < end; from += 1, to += 1) {
      this.#output[to] = this.#output[from] ?? 0;
    }
  }

  #lengthFrom(short: number): number {
    let length = short;
    if (short < MAX_SHORT_LENGTH) return length;
    let more: number;
    do {
      more = this.#byte();
      length += more;
    } while (this.#isLevel2 && more === 255);
    return length;
  }

  #distanceFrom(high: number): number {
    const short = high * 256 + this.#byte();
    const isLong = this.#isLevel2 && short === MAX_SHORT_DISTANCE;
    return isLong ? MAX_SHORT_DISTANCE + this.#byte() * 256 + this.#byte() + 1 : short + 1;
  }
}
