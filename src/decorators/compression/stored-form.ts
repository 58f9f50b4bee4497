/**
 * The byte that distinguishes compressed records from others. UTF-8 does not use it (RFC 3629, section 1), so no record
 * in JSON begins with it, and neither does the zlib format (RFC 1950, section 2.2).
 */
const MARK = 0xff;

/** A stored record without its mark. */
export interface StoredForm {
  readonly isCompressed: boolean;
  readonly bytes: Uint8Array;
}

/** Returns the record of compressed bytes: the mark, and the bytes. */
export function markCompressed(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(1 + bytes.length);
  record[0] = MARK;
  record.set(bytes, 1);
  return record;
}

/** Returns a record of plain data: the data itself, with one more mark if it begins with one. */
export function markPlain(data: Uint8Array): Uint8Array {
  return data[0] === MARK ? markCompressed(data) : data;
}

/** Reverses {@link markCompressed} and {@link markPlain}. */
export function parseStored(record: Uint8Array): StoredForm {
  if (record[0] !== MARK) return { isCompressed: false, bytes: record };
  return { isCompressed: record[1] !== MARK, bytes: record.subarray(1) };
}
