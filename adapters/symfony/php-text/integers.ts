import { type Cursor, isDigit } from "./cursor.ts";
import type { PhpInteger } from "./nodes.ts";

const HIGHEST = 2n ** 63n - 1n;
const LOWEST = -(2n ** 63n);
const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const SEMICOLON = 0x3b;

/** Reads `:…;`, the rest of an integer. As in PHP, a number beyond 64 bits is clamped. */
export function readInteger(cursor: Cursor): PhpInteger {
  cursor.expect(COLON);
  const isNegative = cursor.skips(MINUS);
  if (!isNegative) cursor.skips(PLUS);
  const start = cursor.at;
  const magnitude = cursor.count();
  const end = cursor.at;
  cursor.expect(SEMICOLON);
  if (magnitude <= Number.MAX_SAFE_INTEGER) return isNegative && magnitude !== 0 ? -magnitude : magnitude;
  return bigInteger(cursor.bytes, start, end, isNegative);
}

function bigInteger(bytes: Uint8Array, start: number, end: number, isNegative: boolean): PhpInteger {
  let magnitude = 0n;
  for (let at = start; at < end && magnitude <= HIGHEST; at += 1) {
    magnitude = magnitude * 10n + BigInt((bytes[at] as number) - 0x30);
  }
  return phpInteger(isNegative ? -magnitude : magnitude);
}

/** Returns an integer within 64 bits as nodes have it: as a number if that is exact. */
export function phpInteger(integer: bigint): PhpInteger {
  if (integer > HIGHEST) return HIGHEST;
  if (integer < LOWEST) return LOWEST;
  const number = Number(integer);
  return Number.isSafeInteger(number) ? number : integer;
}

/** Reads the number of properties or bytes after a class name, which PHP accepts with a sign and even without digits. */
export function readSignedCount(cursor: Cursor): number {
  const isNegative = cursor.skips(MINUS);
  if (!isNegative) cursor.skips(PLUS);
  if (!isDigit(cursor.bytes[cursor.at])) return 0;
  const count = cursor.count();
  if (isNegative && count > 0) throw cursor.malformed();
  return count;
}
