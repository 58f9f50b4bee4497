import { isAscii } from "node:buffer";
import { hash } from "node:crypto";
import type { Version } from "sessionwire";

/** Bytes that nobody changes: as text where they are ASCII and few, which the driver sends at less cost. */
export type StoredBytes = string | Buffer;

/**
 * Up to here, a write of ASCII as text took 0.7 to 0.8 of the CPU that one of bytes took; at 16 KB, 1.6 times as much. So did 1 KB with
 * one letter beyond ASCII, since that makes every conversion take ten times as long.
 */
const MAX_TEXT_BYTES = 8192;

/** At least what the protocol puts around bytes: their length and the ends of lines, and the same of an array with them in it. */
const FRAME_BYTES = 32;

/** Takes over an array that nobody else has. */
export function storedBytes(data: Uint8Array): StoredBytes {
  // ioredis would send a plain Uint8Array as the text of its numbers.
  return textOrBytes(Buffer.from(data.buffer, data.byteOffset, data.byteLength));
}

/** Keeps what the driver has received: as it is where it came alone, else a copy, since all that came with it would stay in memory. */
export function kept(reply: Buffer): Buffer {
  return reply.buffer.byteLength - reply.byteLength <= FRAME_BYTES ? reply : Buffer.from(reply);
}

/** The text of these bytes, if it is worth making. */
export function textOrBytes(bytes: StoredBytes): StoredBytes {
  if (typeof bytes === "string" || bytes.byteLength > MAX_TEXT_BYTES || !isAscii(bytes)) return bytes;
  return bytes.toString("latin1");
}

/** The same as in the scripts. SHA-1 is what a script can compute; a collision would harm only who made it. */
export function versionOf(bytes: StoredBytes): Version {
  return `${hash("sha1", bytes, "hex")}:${Buffer.byteLength(bytes)}` as Version; // the one place where this store makes versions
}
