import { SessionError } from "../../errors.ts";

/** Compresses data in the zlib format, whose checksum detects altered bytes. */
export function deflate(data: Uint8Array): Promise<Uint8Array> {
  return pass(data, new CompressionStream("deflate"), Number.POSITIVE_INFINITY);
}

/** Decompresses data. Stops as soon as there are more than `maxBytes`, and rejects with code `corrupt`. */
export function inflate(data: Uint8Array, maxBytes: number): Promise<Uint8Array> {
  return pass(data, new DecompressionStream("deflate"), maxBytes);
}

/** Passes data through a stream, which works on the next part only when the one before has been read. */
async function pass(
  data: Uint8Array,
  { writable, readable }: CompressionStream | DecompressionStream,
  maxBytes: number,
): Promise<Uint8Array> {
  feed(data, writable);
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

/** Writes data to a stream. The other end of the stream reports a failure. */
function feed(data: Uint8Array, writable: WritableStream): void {
  const writer = writable.getWriter();
  writer.write(data).catch(() => {});
  writer.close().catch(() => {});
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
