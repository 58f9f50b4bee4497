import { SessionError } from "../../errors.ts";

/**
 * The byte that distinguishes compressed records from others. UTF-8 does not use it (RFC 3629, section 1), so no record
 * in JSON begins with it.
 */
const MARK = 0xff;

/** The mark, and the number of bytes that follow. */
const HEADER_BYTES = 5;

/** A stored record without its mark. */
export interface StoredForm {
  readonly isCompressed: boolean;
  readonly bytes: Uint8Array;
}

/**
 * Returns a record of compressed bytes: the mark, their number in 4 bytes (big-endian), and the bytes. The number
 * detects bytes that were added, which not every platform reports.
 */
export function markCompressed(bytes: Uint8Array): Uint8Array {
  const record = new Uint8Array(HEADER_BYTES + bytes.length);
  record[0] = MARK;
  new DataView(record.buffer).setUint32(1, bytes.length);
  record.set(bytes, HEADER_BYTES);
  return record;
}

/** Returns a record of plain data: the data itself, with one more mark if it begins with one. */
export function markPlain(data: Uint8Array): Uint8Array {
  if (data[0] !== MARK) return data;
  const record = new Uint8Array(1 + data.length);
  record[0] = MARK;
  record.set(data, 1);
  return record;
}

/** Reverses {@link markCompressed} and {@link markPlain}. No number of bytes begins with the mark: it would exceed 3 GiB. */
export function parseStored(record: Uint8Array): StoredForm {
  if (record[0] !== MARK) return { isCompressed: false, bytes: record };
  if (record[1] === MARK) return { isCompressed: false, bytes: record.subarray(1) };
  const bytes = record.subarray(HEADER_BYTES);
  if (record.length > HEADER_BYTES && sizeIn(record) === bytes.length) return { isCompressed: true, bytes };
  throw new SessionError("corrupt", "The compressed session is incomplete, or was not written by withCompression.");
}

function sizeIn({ buffer, byteOffset }: Uint8Array): number {
  return new DataView(buffer, byteOffset).getUint32(1);
}
