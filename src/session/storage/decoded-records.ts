import type { SessionRecord } from "../../formats/record.ts";

/** A record without content takes as much memory as one of this many bytes. */
const BYTES_OF_NOTHING = 512;
/** What takes more than this part of the room would only drive out many others. */
const LARGEST_PART = 1 / 8;

interface Decoded {
  readonly data: Uint8Array;
  readonly record: SessionRecord;
}

/**
 * Decodes records and remembers those used last: equal bytes under a key are the same record. Records never change, so that all
 * who get one may share it, and what the store says decides: other bytes are decoded.
 */
export class DecodedRecords {
  readonly #decode: (data: Uint8Array) => SessionRecord;
  readonly #maxBytes: number;
  /** Least recently used first. */
  readonly #known = new Map<string, Decoded>();
  #bytes = 0;

  constructor(decode: (data: Uint8Array) => SessionRecord, maxBytes: number) {
    this.#decode = decode;
    this.#maxBytes = maxBytes;
  }

  /** Returns the record that the bytes hold. */
  recordOf(key: string, data: Uint8Array): SessionRecord {
    const known = this.#known.get(key);
    if (known === undefined || !isEqual(known.data, data)) return this.keep(key, data, this.#decode(data));
    this.#known.delete(key);
    this.#known.set(key, known);
    return known.record;
  }

  /** Remembers what the bytes decode to, and returns it. */
  keep(key: string, data: Uint8Array, record: SessionRecord): SessionRecord {
    this.forget(key);
    const bytes = roomOf(data);
    if (bytes > this.#maxBytes * LARGEST_PART) return record;
    this.#known.set(key, { data: withoutSurroundings(data), record });
    this.#bytes += bytes;
    for (const [oldest] of this.#known) {
      if (this.#bytes <= this.#maxBytes) break;
      this.forget(oldest);
    }
    return record;
  }

  forget(key: string): void {
    const known = this.#known.get(key);
    if (known === undefined) return;
    this.#known.delete(key);
    this.#bytes -= roomOf(known.data);
  }
}

function roomOf(data: Uint8Array): number {
  return data.byteLength + BYTES_OF_NOTHING;
}

/** A part of a larger buffer would keep all of that. */
function withoutSurroundings(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

/** Compares words of four bytes where both arrays begin at one. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  const { byteLength } = one;
  if (byteLength !== other.byteLength) return false;
  let place = 0;
  if (one.byteOffset % 4 === 0 && other.byteOffset % 4 === 0) {
    const [words, otherWords] = [wordsOf(one), wordsOf(other)];
    for (let index = 0; index < words.length; index += 1) if (words[index] !== otherWords[index]) return false;
    place = words.byteLength;
  }
  for (; place < byteLength; place += 1) if (one[place] !== other[place]) return false;
  return true;
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Uint32Array {
  return new Uint32Array(buffer, byteOffset, byteLength >> 2);
}
