/** The number of bytes that a well-formed text takes as UTF-8. */
export function utf8Length(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > LAST_OF_ONE_BYTE) length += unit > LAST_OF_TWO_BYTES && !isHalfOfPair(unit) ? 2 : 1;
  }
  return length;
}

/** Writes a well-formed text, for which there must be room, and returns where it ends. A short text costs no object. */
export function writeUtf8(text: string, bytes: Uint8Array, start: number): number {
  for (let index = 0; index < text.length; index += 1) {
    const unit = text.charCodeAt(index);
    if (unit > LAST_OF_ONE_BYTE) {
      const from = start + index;
      return from + encoder.encodeInto(text.slice(index), bytes.subarray(from)).written;
    }
    bytes[start + index] = unit;
  }
  return start + text.length;
}

/** Of two halves of a pair, which take four bytes together. */
function isHalfOfPair(unit: number): boolean {
  return unit >= 0xd800 && unit <= 0xdfff;
}

const LAST_OF_ONE_BYTE = 0x7f;
const LAST_OF_TWO_BYTES = 0x7ff;
const encoder = new TextEncoder();
