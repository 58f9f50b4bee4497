import { isAscii } from "node:buffer";
import { hash } from "node:crypto";
import type { Version } from "sessionwire";

/** Bytes that nobody changes: as text if they are short and ASCII, because the driver sends text at a lower cost. */
export type StoredBytes = string | Buffer;

/**
 * Maximum length, in bytes, of ASCII that is sent as text: up to here a write took 0.7 to 0.8 times the CPU time of one
 * with bytes; at 16 KB, 1.6 times. With one letter beyond ASCII, 1 KB also took 1.6 times, because every conversion
 * then takes ten times as long.
 */
const MAX_TEXT_BYTES = 8192;

/**
 * Minimum overhead of the protocol in bytes: lengths and line ends around the bytes, and around an array that contains
 * them.
 */
const FRAME_BYTES = 32;

/** Takes ownership of an array that nobody else holds. */
export function storedBytes(data: Uint8Array): StoredBytes {
  // ioredis would send a plain Uint8Array as the text of its numbers.
  return textOrBytes(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

/**
 * Keeps bytes that the driver has received: as they are if they came alone, else as a copy, because the whole chunk
 * would stay in memory.
 */
export function kept(reply: Buffer): Buffer {
  return reply.buffer.byteLength - reply.byteLength <= FRAME_BYTES ? reply : Buffer.from(reply);
}

/** Returns the text of these bytes, if it is worth creating. */
export function textOrBytes(bytes: StoredBytes): StoredBytes {
  if (typeof bytes === "string" || bytes.byteLength > MAX_TEXT_BYTES || !isAscii(bytes)) return bytes;
  return bytes.toString("latin1");
}

/**
 * Computes the same version as the scripts. Scripts can compute SHA-1; a collision would harm only the author of the
 * data.
 */
export function versionOf(bytes: StoredBytes): Version {
  return `${hash("sha1", bytes, "hex")}:${Buffer.byteLength(bytes)}` as Version; // the only place where this store creates versions
}
