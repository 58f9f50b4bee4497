/**
 * The largest character code that fits into one byte. A key takes one byte per character if all of them fit, and two
 * otherwise.
 */
const NARROW = 0xff;

/** Encodes the form of a key as a number: twice its length in characters, plus 1 if each takes two bytes. Never 0. */
export function keyCodeOf(key: string): number {
  return 2 * key.length + (isWide(key) ? 1 : 0);
}

export function keyBytesOf(code: number): number {
  return (code >>> 1) << (code & 1);
}

export function writeKey(bytes: Uint8Array, start: number, key: string, code: number): void {
  for (let index = 0, at = start; index < key.length; index += 1) {
    const character = key.charCodeAt(index);
    bytes[at++] = character;
    if (isWideCode(code)) bytes[at++] = character >>> 8;
  }
}

export function readKey(bytes: Uint8Array, start: number, code: number): string {
  const characters = isWideCode(code)
    ? new Uint16Array(bytes.slice(start, start + keyBytesOf(code)).buffer)
    : undefined;
  return String.fromCharCode(...(characters ?? bytes.subarray(start, start + keyBytesOf(code))));
}

export function isKeyAt(bytes: Uint8Array, start: number, key: string, code: number): boolean {
  if (code >>> 1 !== key.length) return false;
  const width = 1 + (code & 1);
  for (let index = 0, at = start; index < key.length; index += 1, at += width) {
    const high = isWideCode(code) ? (bytes[at + 1] ?? 0) << 8 : 0;
    if (((bytes[at] ?? 0) | high) !== key.charCodeAt(index)) return false;
  }
  return true;
}

function isWideCode(code: number): boolean {
  return (code & 1) === 1;
}

function isWide(key: string): boolean {
  for (let index = 0; index < key.length; index += 1) if (key.charCodeAt(index) > NARROW) return true;
  return false;
}
