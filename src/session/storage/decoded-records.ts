import type { SessionRecord } from "../../formats/record.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import { SeenKeys } from "../../seen-keys.ts";

/** A record without content takes as much memory as one of this many bytes. */
const BYTES_OF_NOTHING = 512;
/** The largest part of the room that one session may take: a larger one would only drive out many others. */
const LARGEST_PART = 1 / 8;
/** The room for a session beside each mark of one that was read: several marks for each that has room. */
const BYTES_PER_MARK = 256;

interface Decoded {
  readonly data: Uint8Array;
  readonly record: SessionRecord;
}

/**
 * Decodes records and remembers those used last: equal bytes under a key are the same record. Records never change, so that all
 * who get one may share it, and what the store says decides: other bytes are decoded.
 *
 * A record is remembered when its session is read for the second time. One that stays in memory costs the collector about as much as
 * decoding it again, which would be paid for every session that comes once, or comes back after it was driven out.
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

  /** Returns the record that the bytes hold. */
  recordOf(key: string, data: Uint8Array): SessionRecord {
    const known = this.#known.get(key);
    if (known && isEqual(known.data, data)) return known.record;
    const own = withoutSurroundings(data);
    const record = this.#decode(own);
    if (known || this.#seen.mark(key)) this.#remember(key, own, record);
    return record;
  }

  /** Takes note of what was written: in the place of what is remembered, if anything is. */
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

/** A part of a larger buffer would keep all of that. */
function withoutSurroundings(data: Uint8Array): Uint8Array {
  return data.byteLength === data.buffer.byteLength ? data : new Uint8Array(data);
}

/** Compares words of four bytes where both arrays begin at one. */
function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  if (one.byteLength !== other.byteLength) return false;
  if (one.byteOffset % 4 > 0 || other.byteOffset % 4 > 0) return isEqualFrom(0, one, other);
  const [words, otherWords] = [wordsOf(one), wordsOf(other)];
  const whole = words.length - (words.length % 4);
  for (let place = 0; place < whole; place += 4) {
    const isDifferent =
      differenceAt(place, words, otherWords) |
      differenceAt(place + 1, words, otherWords) |
      differenceAt(place + 2, words, otherWords) |
      differenceAt(place + 3, words, otherWords);
    if (isDifferent) return false;
  }
  return isEqualFrom(whole * 4, one, other);
}

/** Of numbers of 32 bits with a sign, which need no more room than that. */
function differenceAt(place: number, one: Int32Array, other: Int32Array): number {
  return (one[place] as number) ^ (other[place] as number);
}

function isEqualFrom(start: number, one: Uint8Array, other: Uint8Array): boolean {
  for (let place = start; place < one.length; place += 1) if (one[place] !== other[place]) return false;
  return true;
}

function wordsOf({ buffer, byteOffset, byteLength }: Uint8Array): Int32Array {
  return new Int32Array(buffer, byteOffset, byteLength >> 2);
}
