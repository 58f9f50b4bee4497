import type { Cursor } from "./cursor.ts";

const COLON = 0x3a;
const MINUS = 0x2d;
const PLUS = 0x2b;
const POINT = 0x2e;
const SEMICOLON = 0x3b;
const LETTER_I = 0x49;
const LETTER_N = 0x4e;

/** The exact powers of ten, by which an exact number is divided with a single rounding. */
const POWERS = Array.from({ length: 23 }, (_, exponent) => Number(`1e${exponent}`));

/** Reads `:…;`, the rest of a float. */
export function readFloat(cursor: Cursor): number {
  cursor.expect(COLON);
  const start = cursor.at;
  const isNegative = cursor.skips(MINUS);
  const first = cursor.bytes[cursor.at];
  if (first === LETTER_I) return readWord(cursor, "INF", isNegative ? -Infinity : Infinity);
  if (first === LETTER_N && !isNegative) return readWord(cursor, "NAN", Number.NaN);
  if (!isNegative) cursor.skips(PLUS);
  const simple = readSimple(cursor);
  const end = cursor.at;
  cursor.expect(SEMICOLON);
  if (simple !== undefined) return isNegative ? -simple : simple;
  return Number(asciiOf(cursor.bytes, start, end));
}

/** Reads digits with an optional point and exponent. Returns the value if it is short enough to be calculated. */
function readSimple(cursor: Cursor): number | undefined {
  const start = cursor.at;
  const integral = cursor.digits();
  const fractional = cursor.skips(POINT) ? cursor.digits() : 0;
  if (integral + fractional === 0) throw cursor.malformed();
  const end = cursor.at;
  if (readExponent(cursor) || integral + fractional > 15) return undefined;
  return digitsOf(cursor.bytes, start, end) / (POWERS[fractional] as number);
}

function readExponent(cursor: Cursor): boolean {
  const byte = cursor.bytes[cursor.at];
  if (byte !== 0x65 && byte !== 0x45) return false;
  cursor.at += 1;
  if (!cursor.skips(MINUS)) cursor.skips(PLUS);
  if (cursor.digits() === 0) throw cursor.malformed();
  return true;
}

function digitsOf(bytes: Uint8Array, start: number, end: number): number {
  let digits = 0;
  for (let at = start; at < end; at += 1) {
    const byte = bytes[at] as number;
    if (byte !== POINT) digits = digits * 10 + (byte - 0x30);
  }
  return digits;
}

function asciiOf(bytes: Uint8Array, start: number, end: number): string {
  let text = "";
  for (let at = start; at < end; at += 1) text += String.fromCharCode(bytes[at] as number);
  return text;
}

function readWord(cursor: Cursor, word: string, value: number): number {
  for (let at = 0; at < word.length; at += 1) cursor.expect(word.charCodeAt(at));
  cursor.expect(SEMICOLON);
  return value;
}

/** Returns the shortest form that reads as the same number, as PHP does with a `serialize_precision` of -1. */
export function floatText(value: number): string {
  if (Number.isNaN(value)) return "NAN";
  if (!Number.isFinite(value)) return value > 0 ? "INF" : "-INF";
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "", exponent] = Math.abs(value).toExponential().split("e");
  return sign + withExponent(mantissa.replace(".", ""), Number(exponent));
}

/** Returns plain notation from 10⁻⁴ to below 10¹⁷, otherwise one with an exponent and always a point. */
function withExponent(digits: string, exponent: number): string {
  if (exponent < -4 || exponent > 16) {
    const fraction = digits.length > 1 ? digits.slice(1) : "0";
    return `${digits[0]}.${fraction}E${exponent < 0 ? "-" : "+"}${Math.abs(exponent)}`;
  }
  if (exponent < 0) return `0.${"0".repeat(-exponent - 1)}${digits}`;
  const integral = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const fraction = digits.slice(exponent + 1);
  return fraction === "" ? integral : `${integral}.${fraction}`;
}
