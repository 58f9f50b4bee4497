import type { SessionRecord } from "../../formats/record.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import { SeenKeys } from "../../seen-keys.ts";

/** The memory that a record without content takes, expressed as stored bytes. */
const BYTES_OF_NOTHING = 512;
/** Maximum share of the space for one session: a larger one would only displace many others. */
const LARGEST_PART = 1 / 8;
/** The bytes of space per mark of a read session: there are several marks for each session that fits. */
const BYTES_PER_MARK = 256;

interface Decoded {
  readonly data: Uint8Array;
  readonly record: SessionRecord;
}

/**
 * Decodes records and remembers the most recently used ones: equal bytes under a key are the same record. Records never
 * change, so callers may share them, and the store decides: different bytes are decoded.
 *
 * A record is remembered from the second read of its session on. Keeping one in memory costs the garbage collector
 * about as much as decoding it again, which would be wasted on sessions that are read once, or return after being
 * displaced.
 */
export class DecodedRecords {
  readonly #decode: (data: Uint8Array) => SessionRecord;
  readonly #maxBytesOfOne: number;
  readonly #known: RecentlyUsed<Decoded>;
  readonly #seen: SeenKeys;

  constructor(decode: (data: Uint8Array) => SessionRecord, maxBytes: number) {
    this.#decode = decode;
    this.#maxBytesOfOne = maxBytes * LARGEST_PART;
    this.#known = new RecentlyUsed(maxBytes);
    this.#seen = new SeenKeys(Math.ceil(maxBytes / BYTES_PER_MARK));
  }

  /** Returns the record encoded in the bytes. */
  recordOf(key: string, data: Uint8Array): SessionRecord {
    const known = this.#known.get(key);
    if (known && isEqual(known.data, data)) return known.record;
    const own = withoutSurroundings(data);
    const record = this.#decode(own);
    if (known || this.#seen.mark(key)) this.#remember(key, own, record);
    return record;
  }

  /** Replaces the remembered record, if there is one, by the one written. */
  replace(key: string, data: Uint8Array, record: SessionRecord): void {
    if (this.#known.has(key)) this.#remember(key, data, record);
  }

  #remember(key: string, data: Uint8Array, record: SessionRecord): void {
    const bytes = data.byteLength + BYTES_OF_NOTHING;
    if (bytes <= this.#maxBytesOfOne) this.#known.set(key, { data, record }, bytes);
    else this.forget(key);
  }

  forget(key: string): void {
    this.#known.delete(key);
  }
}

/** Copies part of a larger buffer, which would otherwise keep the whole buffer in memory. */
function withoutSurroundings(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

/** Compares four-byte words if both arrays are aligned. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteLength !== other.byteLength) return false;
  if (one.byteOffset % 4 > 0 || other.byteOffset % 4 > 0) return isEqualFrom(0, one, other);
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  const whole = words.length - (words.length % 4);
  for (let index = 0; index < whole; index += 4) {
    const isDifferent =
      differenceAt(index, words, otherWords) |
      differenceAt(index + 1, words, otherWords) |
      differenceAt(index + 2, words, otherWords) |
      differenceAt(index + 3, words, otherWords);
    if (isDifferent) return false;
  }
  return isEqualFrom(whole * 4, one, other);
}

/** Compares signed 32-bit integers, which need no more memory than that. */
function differenceAt(index: number, one: Int32Array, other: Int32Array): number {
  return (one[index] as number) ^ (other[index] as number);
}

function isEqualFrom(start: number, one: Uint8Array, other: Uint8Array): boolean {
  for (let index = start; index < one.length; index += 1) if (one[index] !== other[index]) return false;
  return true;
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}
