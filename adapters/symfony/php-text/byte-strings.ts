import type { PhpString } from "./nodes.ts";
import { isUtf8 } from "./utf8.ts";

// Shared because it keeps no state between calls and takes longer to create than to use.
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns the text of well-formed UTF-8; otherwise `undefined`. */
export function textOf(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Returns a range of bytes as a PHP string: text if it is well-formed UTF-8, otherwise a copy. */
export function byteStringOf(bytes: Uint8Array, start = 0, end: number = bytes.length): PhpString {
  // Checked first, because an exception of the decoder takes longer than reading a thousand bytes.
  if (!isUtf8(bytes, start, end)) return bytes.slice(start, end);
  return decoder.decode(bytes.subarray(start, end));
}

/** Returns the number of UTF-16 units in well-formed UTF-8. */
export function utf16Length(bytes: Uint8Array, start: number, end: number): number {
  let units = end - start;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte < 0x80) continue;
    // One unit for each leading byte, two for that of a four-byte sequence, and none for continuation bytes.
    if (byte < 0xc0) units -= 1;
    else if (byte >= 0xf0) units += 1;
  }
  return units;
}

/** Returns a PHP string as text: bytes that are not UTF-8 are read as Latin-1, so that different ones stay different. */
export function latinTextOf(text: PhpString): string {
  return typeof text === "string" ? text : Array.from(text, (byte) => String.fromCharCode(byte)).join("");
}

/** Checks if two arrays of bytes are equal. */
export function areSameBytes(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
