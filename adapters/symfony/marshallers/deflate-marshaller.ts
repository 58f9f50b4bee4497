import { type Decorated, isSessionError, SessionError, type SessionHandler } from "sessionwire";
import { checkCount, checkOptionNames, decorateHandler, deflateRaw, inflateRaw, MAX_BYTES } from "sessionwire/backend";

/**
 * The options of {@link withDeflateMarshaller}.
 *
 * @public
 */
export interface DeflateMarshallerOptions {
  /**
   * Maximum size of a session in bytes, before compression. Larger ones are refused as `too-large`, and a stored value
   * that would become larger is `corrupt`. It may exceed that of the handler inside, which still limits what is stored.
   *
   * @defaultValue what the handler inside can store even if it cannot be compressed; 16 MiB if it states no limit
   */
  readonly maxBytes?: number | undefined;
}

const MAX_BYTES_OF_UNKNOWN = 2 ** 24;

/**
 * Compresses sessions as the `DeflateMarshaller` of Symfony does, for a `MarshallingSessionHandler` with it.
 *
 * @remarks
 * - Every session is compressed, however small. What cannot be decompressed is taken as it is, as Symfony does: sessions
 *   from before the marshaller are read.
 * - A value that becomes larger than `maxBytes` is `corrupt`: decompression stops there, so a small value cannot fill
 *   the memory.
 * - The format has no checksum: a value that was altered may be decompressed to something else.
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
        return stored; // it was never compressed
      }
    },
  });
}

/** Returns the size limit outside: data that cannot be compressed grows by at most 5 bytes in 16,000, and a few more. */
function sizeLimitOf({ maxBytes }: SessionHandler): number | undefined {
  return maxBytes === undefined ? undefined : Math.max(maxBytes - 5 * Math.ceil(maxBytes / 16_000) - 16, 1);
}
