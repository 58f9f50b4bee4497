/** Checks if a range of bytes is well-formed UTF-8 (Unicode, table 3-7). */
export function isUtf8(bytes: Uint8Array, start: number, end: number): boolean {
  let at = start;
  while (at < end) {
    const length = sequenceLength(bytes[at] as number);
    if (length > 1 && !isSequence(bytes, at, length)) return false;
    if (length === 0) return false;
    at += length;
  }
  return at === end;
}

/** Returns the length of the sequence that a byte begins; 0 if it begins none. */
function sequenceLength(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2 || first > 0xf4) return 0;
  if (first < 0xe0) return 2;
  return first < 0xf0 ? 3 : 4;
}

/** Checks the continuation bytes of a sequence. Limits of the second one exclude overlong forms and surrogates. */
function isSequence(bytes: Uint8Array, at: number, length: number): boolean {
  const first = bytes[at] as number;
  const second = bytes[at + 1] ?? 0;
  if (second < lowestSecond(first) || second > highestSecond(first)) return false;
  for (let next = at + 2; next < at + length; next += 1) if (((bytes[next] ?? 0) & 0xc0) !== 0x80) return false;
  return true;
}

function lowestSecond(first: number): number {
  if (first === 0xe0) return 0xa0;
  return first === 0xf0 ? 0x90 : 0x80;
}

function highestSecond(first: number): number {
  if (first === 0xed) return 0x9f;
  return first === 0xf4 ? 0x8f : 0xbf;
}
