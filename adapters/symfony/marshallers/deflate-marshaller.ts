import { type Decorated, isSessionError, SessionError, type SessionHandler } from "sessionwire";
import { checkCount, checkOptionNames, decorateHandler, deflateRaw, inflateRaw, MAX_BYTES } from "sessionwire/backend";

/**
 * The options of {@link withDeflateMarshaller}.
 *
 * @public
 */
export interface DeflateMarshallerOptions {
  /**
   * Maximum size of a session in bytes, before compression. Larger sessions are refused as `too-large`, and stored
   * values that would decompress to more are `corrupt`. It may exceed the limit of the wrapped handler, which then
   * applies to the compressed data.
   *
   * @defaultValue the size that fits the wrapped handler even if it cannot be compressed; 16 MiB if that has no limit
   */
  readonly maxBytes?: number | undefined;
}

const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

/**
 * Compresses sessions like the `DeflateMarshaller` of Symfony, for applications with a `MarshallingSessionHandler`.
 *
 * @remarks
 * - Every session is compressed, however small. As in Symfony, data that cannot be decompressed is read as it is, so
 *   that sessions from before the marshaller stay valid.
 * - Decompression stops at `maxBytes`, so a small value cannot exhaust the memory; larger ones are `corrupt`.
 * - The format has no checksum: an altered value may decompress to other data.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withDeflateMarshaller<H extends SessionHandler>(
  handler: H,
  options: DeflateMarshallerOptions = {},
): Decorated<H> {
  checkOptionNames("withDeflateMarshaller", options, ["maxBytes"]);
  const { maxBytes = sizeLimitOf(handler) } = options;
  if (maxBytes !== undefined) checkCount("maxBytes", maxBytes, 1, MAX_BYTES);
  const limit = maxBytes ?? MAX_BYTES_OF_UNKNOWN;

  return decorateHandler(handler, {
    maxBytes,
    encode(data) {
      if (data.length <= limit) return deflateRaw(data);
      throw new SessionError("too-large", `The session has ${data.length} bytes; the limit is ${limit}.`);
    },
    async decode(stored) {
      try {
        return await inflateRaw(stored, limit);
      } catch (error) {
        if (isSessionError(error)) throw error;
        return stored; // not compressed
      }
    },
  });
}

/** Returns the default limit: incompressible data grows by at most 5 bytes in 16,000, and a few more. */
function sizeLimitOf({ maxBytes }: SessionHandler): number | undefined {
  return maxBytes === undefined ? undefined : Math.max(maxBytes - 5 * Math.ceil(maxBytes / 16_000) - 16, 1);
}
