import { isUtf8 } from "node:buffer";
import { hash } from "node:crypto";
import type { Version } from "sessionwire";

/** Bytes that nobody changes: as text where they are UTF-8 and few, which the driver sends at less cost. */
export type StoredBytes = string | Buffer;

/** Up to here, a write of text took 0.7 to 0.8 of the CPU that one of bytes took; at 16 KB, 1.6 times as much. */
const MAX_TEXT_BYTES = 8192;

/** Takes over an array that nobody else has. */
export function storedBytes(data: Uint8Array): StoredBytes {
  // ioredis would send a plain Uint8Array as the text of its numbers.
  const bytes = Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return textOf(bytes) ?? bytes;
}

/** A copy of what the driver has received. */
export function copyOf(reply: Buffer): StoredBytes {
  return textOf(reply) ?? Buffer.from(reply);
}

/** The text of these bytes, if they are those of a text. */
function textOf(bytes: Buffer): string | undefined {
  return bytes.byteLength <= MAX_TEXT_BYTES && isUtf8(bytes) ? bytes.toString() : undefined;
}

/** The same as in the scripts. SHA-1 is what a script can compute; a collision would harm only who made it. */
export function versionOf(bytes: StoredBytes): Version {
  return `${hash("sha1", bytes, "hex")}:${Buffer.byteLength(bytes)}` as Version; // the one place where this store makes versions
}
