import { byteStringOf } from "./byte-strings.ts";
import type { Cursor } from "./cursor.ts";
import type { PhpString } from "./nodes.ts";

const QUOTE = 0x22;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;

/** Reads `:1:"…";`, the rest of a string. */
export function readString(cursor: Cursor): PhpString {
  const length = readLength(cursor);
  const text = cursor.string(length);
  cursor.expect(QUOTE);
  cursor.expect(SEMICOLON);
  return text;
}

/** Reads `:1:"…";`, the rest of a string that is a key. */
export function readName(cursor: Cursor): PhpString {
  const length = readLength(cursor);
  const name = cursor.name(length);
  cursor.expect(QUOTE);
  cursor.expect(SEMICOLON);
  return name;
}

/** Reads `:1:"…";`, the rest of an escaped string, in which bytes may be written as `\hh`. */
export function readEscapedString(cursor: Cursor): PhpString {
  const length = readLength(cursor);
  // Each byte takes at least one, so no memory is reserved for a longer claim.
  if (length > cursor.bytes.length - cursor.at) throw cursor.malformed();
  const bytes = new Uint8Array(length);
  let at = cursor.at;
  for (let index = 0; index < length; index += 1) {
    const byte = cursor.bytes[at];
    if (byte === undefined) throw cursor.malformed();
    const isEscaped = byte === BACKSLASH;
    bytes[index] = isEscaped ? readHex(cursor, at + 1) : byte;
    at += isEscaped ? 3 : 1;
  }
  cursor.string(at - cursor.at);
  cursor.expect(QUOTE);
  cursor.expect(SEMICOLON);
  return byteStringOf(bytes);
}

function readHex(cursor: Cursor, at: number): number {
  return hexDigit(cursor, at) * 16 + hexDigit(cursor, at + 1);
}

function hexDigit(cursor: Cursor, at: number): number {
  const byte = cursor.bytes[at] ?? 0;
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  if (letter >= 0x61 && letter <= 0x66) return letter - 0x61 + 10;
  throw cursor.malformed();
}

/** Reads the length and its delimiters, up to the first byte of the string. */
export function readLength(cursor: Cursor): number {
  cursor.expect(COLON);
  const length = cursor.wrappingCount();
  cursor.expect(COLON);
  cursor.expect(QUOTE);
  return length;
}
