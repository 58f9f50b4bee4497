const encoder = new TextEncoder();

/** Below this length, text is copied faster than it is encoded. */
const SHORT = 64;

/** Bytes that are written one after the other. */
export class ByteSink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expectedLength = 1024) {
    this.#bytes = new Uint8Array(expectedLength);
  }

  /** The number of bytes that have been written. */
  get length(): number {
    return this.#length;
  }

  bytes(bytes: Uint8Array): undefined {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  byte(byte: number): undefined {
    this.#reserve(1);
    this.#bytes[this.#length] = byte;
    this.#length += 1;
  }

  /** Writes text that is ASCII. */
  ascii(text: string): undefined {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) this.#bytes[this.#length + index] = text.charCodeAt(index);
    this.#length += text.length;
  }

  /** A copy of what has been written. */
  take(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  #reserve(length: number): void {
    const needed = this.#length + length;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }
}

/** The bytes of a string of PHP. */
export function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

/** Determines if text is ASCII and so short that this is worth to know. */
export function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return false;
  return true;
}
