const encoder = new TextEncoder();

/** Below this length, copying text is faster than encoding it. */
const SHORT = 64;

/** A growing buffer of bytes. */
export class ByteSink {
  #bytes: Uint8Array;
  #length = 0;

  constructor(expectedLength = 1024) {
    this.#bytes = new Uint8Array(expectedLength);
  }

  /** The number of written bytes. */
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

  /** Writes ASCII text. */
  ascii(text: string): undefined {
    this.#reserve(text.length);
    for (let index = 0; index < text.length; index += 1) this.#bytes[this.#length + index] = text.charCodeAt(index);
    this.#length += text.length;
  }

  /** Returns a copy of the written bytes. */
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

/** Returns the bytes of a PHP string. */
export function bytesOf(text: string | Uint8Array): Uint8Array {
  return typeof text === "string" ? encoder.encode(text) : text;
}

/** Checks if text is ASCII and short enough to be copied. */
export function isShortAscii(text: string): boolean {
  if (text.length > SHORT) return false;
  for (let index = 0; index < text.length; index += 1) if (text.charCodeAt(index) >= 0x80) return false;
  return true;
}
