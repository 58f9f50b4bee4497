import { checkSize } from "../backend/call-checks.ts";
import { checkCount, checkOptionNames, MAX_BYTES } from "../backend/checks.ts";
import type { SessionHandler } from "../handler.ts";
import { deflate, inflate } from "./compression/deflate.ts";
import { markCompressed, markPlain, parseStored } from "./compression/stored-form.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";

/**
 * The options of {@link withCompression}.
 *
 * @public
 */
export interface CompressionOptions {
  /**
   * The size from which on data is compressed, in bytes: a whole number, or `Infinity` to compress nothing and only
   * read what other processes have compressed.
   *
   * @defaultValue 1024
   */
  readonly thresholdBytes?: number | undefined;
  /**
   * Maximum size of a session in bytes, before compression. Larger ones are refused as `too-large`, and a stored record
   * that would become larger is `corrupt`. It may exceed that of the handler inside, which still limits what is stored.
   *
   * @defaultValue one byte less than that of the handler inside; 16 MiB if it states none
   */
  readonly maxBytes?: number | undefined;
}

/** The maximum size of a session in bytes, if the handler inside states none. */
const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

/**
 * Compresses the data of sessions in the zlib format (RFC 1950), by the streams of the platform.
 *
 * @remarks
 * - Data that would not become smaller is stored as it is, and so is data below `thresholdBytes`. Only data that begins
 *   with the byte 0xff, which no UTF-8 text contains, is stored with one more byte.
 * - Sessions stored without the decorator are read as they are. To add it to a store that is in use, roll it out to all
 *   processes with `thresholdBytes: Infinity` first.
 * - A compressed record that was altered, truncated or extended is `corrupt`. So is one that becomes larger than
 *   `maxBytes`: decompression stops there, so a small record cannot fill the memory.
 * - The size of compressed data depends on its content. A user who can choose one part of a session and observe the size
 *   of the stored record can guess the other parts (CRIME, BREACH). Encryption does not hide the size.
 * - Put encryption inside: `withCompression(withEncryption(handler))`. Encrypted data cannot be compressed.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withCompression<H extends SessionHandler>(handler: H, options: CompressionOptions = {}): Decorated<H> {
  checkOptionNames("withCompression", options, ["thresholdBytes", "maxBytes"]);
  const { thresholdBytes = 1024, maxBytes = sizeLimitOf(handler) } = options;
  if (thresholdBytes !== Number.POSITIVE_INFINITY) checkCount("thresholdBytes", thresholdBytes, 0);
  if (maxBytes !== undefined) checkCount("maxBytes", maxBytes, 1, MAX_BYTES);
  const limit = maxBytes ?? MAX_BYTES_OF_UNKNOWN;

  return decorateHandler(handler, {
    maxBytes,
    async encode(data) {
      checkSize(data, limit);
      if (data.length < thresholdBytes) return markPlain(data);
      const compressed = markCompressed(await deflate(data));
      return compressed.length < data.length ? compressed : markPlain(data);
    },
    decode(stored) {
      const { isCompressed, bytes } = parseStored(stored);
      return isCompressed ? inflate(bytes, limit) : bytes;
    },
  });
}

/** Returns the size limit outside, with room for the one byte by which a record can be larger than its data. */
function sizeLimitOf({ maxBytes }: SessionHandler): number | undefined {
  return maxBytes === undefined ? undefined : Math.max(maxBytes - 1, 1);
}
