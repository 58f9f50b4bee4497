import type { SessionError } from "sessionwire";
import { corrupt } from "sessionwire/backend";
import { byteStringOf, textOf, utf16Length } from "./byte-strings.ts";
import { KnownNames } from "./known-names.ts";
import type { PhpString } from "./nodes.ts";

const ZERO = 0x30;
const NINE = 0x39;

/** Up to this number, ten times it plus a digit is exact. */
const EXACT = 2 ** 49;

/**
 * A position in bytes that only moves forward.
 *
 * @remarks
 * Strings are slices of one text of all bytes, which takes a fraction of the time of decoding each. If everything is
 * ASCII, its offsets are those of the bytes; otherwise the position in the text is tracked as well.
 */
export class Cursor {
  readonly bytes: Uint8Array;
  /** The offset of the next byte. */
  at = 0;
  readonly #names = new KnownNames();
  readonly #text: string | undefined;
  readonly #isAscii: boolean;
  /** The number of bytes before `at` minus the number of UTF-16 units before it in the text. */
  #shift = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
    this.#text = textOf(bytes);
    this.#isAscii = this.#text?.length === bytes.length;
  }

  get isAtEnd(): boolean {
    return this.at >= this.bytes.length;
  }

  /** Creates the error for the bytes at the cursor. */
  malformed(): SessionError {
    return corrupt(this.isAtEnd ? "its PHP text ends too early" : `its PHP text is malformed near byte ${this.at}`);
  }

  /** Consumes the next byte and returns it. */
  next(): number {
    const byte = this.bytes[this.at];
    if (byte === undefined) throw this.malformed();
    this.at += 1;
    return byte;
  }

  /** Consumes a required byte. */
  expect(byte: number): void {
    if (this.bytes[this.at] !== byte) throw this.malformed();
    this.at += 1;
  }

  /** Consumes a byte if it is the next one. */
  skips(byte: number): boolean {
    if (this.bytes[this.at] !== byte) return false;
    this.at += 1;
    return true;
  }

  /** Consumes digits and returns their number. */
  digits(): number {
    const start = this.at;
    while (isDigit(this.bytes[this.at])) this.at += 1;
    return this.at - start;
  }

  /** Reads an unsigned number, which is not exact far beyond all possible lengths. */
  count(): number {
    const start = this.at;
    let count = 0;
    for (let byte = this.bytes[start]; isDigit(byte); byte = this.bytes[this.at]) {
      count = count * 10 + (byte - ZERO);
      this.at += 1;
    }
    if (this.at === start) throw this.malformed();
    return count;
  }

  /** Reads an unsigned number as PHP does, modulo 2⁶⁴. */
  wrappingCount(): number {
    const start = this.at;
    const count = this.count();
    if (count <= EXACT) return count;
    return wrapped(this.bytes.subarray(start, this.at));
  }

  /** Reads `length` bytes as a PHP string. */
  string(length: number): PhpString {
    const start = this.at;
    const end = this.#endOf(length);
    this.at = end;
    if (this.#isAscii) return (this.#text as string).slice(start, end);
    if (this.#text === undefined) return byteStringOf(this.bytes, start, end);
    const from = start - this.#shift;
    const units = utf16Length(this.bytes, start, end);
    this.#shift += length - units;
    return this.#text.slice(from, from + units);
  }

  /** Reads `length` bytes as a PHP string that has probably been read before. */
  name(length: number): PhpString {
    const start = this.at;
    const end = this.#endOf(length);
    const known = this.#names.find(this.bytes, start, end);
    if (known === undefined) {
      const name = this.string(length);
      return typeof name === "string" ? this.#names.keep(name, this.bytes, start, end) : name;
    }
    this.at = end;
    return known;
  }

  /** Consumes `length` bytes and returns a copy of them. */
  raw(length: number): Uint8Array {
    const start = this.at;
    this.string(length);
    return this.bytes.slice(start, this.at);
  }

  #endOf(length: number): number {
    const end = this.at + length;
    if (end > this.bytes.length) throw this.malformed();
    return end;
  }
}

/** Reads digits as a 64-bit number, several at once because bigints are slow. */
function wrapped(digits: Uint8Array): number {
  let count = 0n;
  for (let start = 0; start < digits.length; start += 12) {
    const some = digits.subarray(start, start + 12);
    const number = some.reduce((sum, digit) => sum * 10 + (digit - ZERO), 0);
    count = BigInt.asUintN(64, count * BigInt(10 ** some.length) + BigInt(number));
  }
  return Number(count);
}

export function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= ZERO && byte <= NINE;
}
