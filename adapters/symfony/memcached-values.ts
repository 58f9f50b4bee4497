import { SessionError } from "sessionwire";
import { inflate, type MaybePromise } from "sessionwire/backend";
import { decompressFastLz } from "./memcached-values/fastlz.ts";

/** The flags of ext-memcached (php_memcached.c). */
const TYPE_MASK = 0x0f;
const STRING = 0;
const COMPRESSED = 0x10;
const ZLIB = 0x20;
const FASTLZ = 0x40;

/** The size of the length before compression, which is a little-endian integer of 32 bits. */
const LENGTH_BYTES = 4;

/**
 * Decodes values stored by ext-memcached of PHP, as `decodeValue` of a handler for Memcached. By default, that
 * extension compresses values of 2000 bytes or more by FastLZ or zlib.
 *
 * @remarks
 * - Values other than strings are `corrupt`: numbers, serialized values, and values with flags of other clients.
 * - A compressed value is `corrupt` if it was altered or truncated, or if it decompresses to more than `maxBytes` or
 *   than its own length. Decompression stops there.
 *
 * @example
 * ```ts
 * const handler = createMemcachedHandler("localhost:11211", { decodeValue: phpMemcachedValue });
 * ```
 *
 * @public
 */
export async function phpMemcachedValue(data: Uint8Array, flags: number, maxBytes: number): Promise<Uint8Array> {
  if ((flags & TYPE_MASK) !== STRING) throw corrupt("The value is not stored as a string of PHP.");
  if ((flags & COMPRESSED) === 0) return data;
  if (data.length < LENGTH_BYTES) throw corrupt("The compressed value has no length.");
  const length = new DataView(data.buffer, data.byteOffset).getUint32(0, true);
  if (length > maxBytes) throw corrupt(`The session would have more than ${maxBytes} bytes when decompressed.`);
  const decompressed = await decompress(data.subarray(LENGTH_BYTES), flags, length);
  if (decompressed?.length === length) return decompressed;
  throw corrupt("The compressed value was altered, or is incomplete.");
}

function decompress(data: Uint8Array, flags: number, length: number): MaybePromise<Uint8Array | undefined> {
  if (flags & FASTLZ) return decompressFastLz(data, length);
  if (flags & ZLIB) return inflate(data, length).catch(() => undefined); // `corrupt`, as with FastLZ
  throw corrupt("The value is compressed by something else than zlib or FastLZ.");
}

function corrupt(message: string): SessionError {
  return new SessionError("corrupt", message);
}
