import { byteStringOf } from "./byte-strings.ts";
import type { Cursor } from "./cursor.ts";
import { readSignedCount } from "./integers.ts";
import type { PhpString } from "./nodes.ts";
import { readLength } from "./strings.ts";

const QUOTE = 0x22;
const COLON = 0x3a;
const SEMICOLON = 0x3b;
const BACKSLASH = 0x5c;
const OPENING = 0x7b;
const CLOSING = 0x7d;

/** Reads `:3:"App":`, the name of a class. */
export function readClassName(cursor: Cursor): PhpString {
  const length = readLength(cursor);
  const start = cursor.at;
  const name = cursor.string(length);
  if (!isClassName(cursor.bytes, start, cursor.at)) throw cursor.malformed();
  cursor.expect(QUOTE);
  cursor.expect(COLON);
  return name;
}

/** Reads `2:{`, the number of properties. */
export function readPropertyCount(cursor: Cursor): number {
  const count = readSignedCount(cursor);
  cursor.expect(COLON);
  cursor.expect(OPENING);
  return count;
}

/** Reads `3:{…}`, the payload of a `Serializable` object. */
export function readPayload(cursor: Cursor): Uint8Array {
  const length = readPropertyCount(cursor);
  const payload = cursor.raw(length);
  cursor.expect(CLOSING);
  return payload;
}

/** Reads `:5:"App:A";`, the class and the case of an enumeration. */
export function readEnum(cursor: Cursor): { readonly className: PhpString; readonly caseName: PhpString } {
  const length = readLength(cursor);
  const start = cursor.at;
  cursor.string(length);
  const colon = cursor.bytes.subarray(start, cursor.at).indexOf(COLON) + start;
  if (colon < start || !isClassName(cursor.bytes, start, colon)) throw cursor.malformed();
  const className = byteStringOf(cursor.bytes, start, colon);
  const caseName = byteStringOf(cursor.bytes, colon + 1, cursor.at);
  cursor.expect(QUOTE);
  cursor.expect(SEMICOLON);
  return { className, caseName };
}

function isClassName(bytes: Uint8Array, start: number, end: number): boolean {
  if (start === end || bytes[start] === BACKSLASH) return false;
  for (let at = start; at < end; at += 1) if (!isClassByte(bytes[at] as number)) return false;
  return true;
}

function isClassByte(byte: number): boolean {
  if (byte >= 0x80 || byte === BACKSLASH || byte === 0x5f) return true;
  const lower = byte | 0x20;
  return (byte >= 0x30 && byte <= 0x39) || (lower >= 0x61 && lower <= 0x7a);
}
