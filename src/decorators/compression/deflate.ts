import { SessionError } from "../../errors.ts";
import { adler32 } from "./adler32.ts";

/** The factor by which the format can compress at most: 258 bytes in 2 bits (RFC 1951), rounded up. */
const MAX_RATIO = 1032;

/** The number of bytes that are decompressed in one step at least. */
const MIN_STEP_BYTES = 1024;

/** The zlib format has a header of 2 bytes, and a checksum of 4 bytes at its end. */
const MIN_BYTES = 6;

/** Compresses data in the zlib format (RFC 1950), whose checksum detects altered bytes. */
export function deflate(data: Uint8Array): Promise<Uint8Array> {
  return pass([data], new CompressionStream("deflate"), Number.POSITIVE_INFINITY);
}

/**
 * Compresses data without the header and the checksum of the zlib format (RFC 1951).
 *
 * @public
 */
export function deflateRaw(data: Uint8Array): Promise<Uint8Array> {
  return pass([data], new CompressionStream("deflate-raw"), Number.POSITIVE_INFINITY);
}

/**
 * Decompresses data in the zlib format (RFC 1950). Stops as soon as there are more than `maxBytes`, and rejects with code `corrupt`.
 *
 * @remarks
 * It takes the data in steps, none of which can become larger than `maxBytes` or 1 MiB, as Deno decompresses each step
 * to its end. It checks the checksum as well: Deno accepts truncated data, and Node.js 20 ignores what follows the
 * data.
 *
 * @public
 */
export async function inflate(data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  const result = await pass(stepsOf(data, maxBytes), new DecompressionStream("deflate"), maxBytes);
  if (data.length >= MIN_BYTES && checksumIn(data) === adler32(result)) return result;
  throw new SessionError("corrupt", "The compressed session was altered, or is incomplete.");
}

/**
 * Decompresses data without the header and the checksum of the zlib format (RFC 1951). Stops as soon as there are more
 * than `maxBytes`, and rejects with code `corrupt`; altered data may pass.
 *
 * @public
 */
export function inflateRaw(data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return pass(stepsOf(data, maxBytes), new DecompressionStream("deflate-raw"), maxBytes);
}

function* stepsOf(data: Uint8Array, maxBytes: number): Generator<Uint8Array> {
  const size = Math.max(MIN_STEP_BYTES, Math.floor(maxBytes / MAX_RATIO));
  for (let start = 0; start < data.length; start += size) yield data.subarray(start, start + size);
}

function checksumIn({ buffer, byteOffset, byteLength }: Uint8Array): number {
  return new DataView(buffer, byteOffset, byteLength).getUint32(byteLength - 4);
}

/** Passes data through a stream, which works on the next part only when the one before has been read. */
async function pass(
  data: Iterable<Uint8Array>,
  { writable, readable }: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array> {
  feed(data, writable).catch(() => {}); // the other end of the stream reports the failure
  const reader: ReadableStreamDefaultReader<Uint8Array> = readable.getReader();
  const parts: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return joined(parts, size);
    size += value.length;
    if (size > maxBytes) {
      reader.cancel().catch(() => {}); // the result is not used any more
      throw new SessionError("corrupt", `The session would have more than ${maxBytes} bytes when decompressed.`);
    }
    parts.push(value);
  }
}

async function feed(data: Iterable<Uint8Array>, writable: WritableStream): Promise<void> {
  const writer = writable.getWriter();
  for (const part of data) await writer.write(part);
  await writer.close();
}

function joined(parts: readonly Uint8Array[], size: number): Uint8Array {
  const bytes = new Uint8Array(size);
  let offset = 0;
  for (const part of parts) {
    bytes.set(part, offset);
    offset += part.length;
  }
  return bytes;
}
