import type { Response } from "memjs";
import { SessionError } from "sessionwire";
import type { Memjs } from "./source.ts";

const headerBytes = 24;
/** Maximum size of an item, in bytes: no Memcached accepts larger ones. */
const mostBytes = 2 ** 30;

/**
 * Splits the bytes of one connection into replies. memjs keeps the remaining bytes of one connection for the next, and
 * accepts any bytes as a reply: once a reply is truncated, it returns the data of other keys.
 */
export class ReplyReader {
  readonly #codec: Memjs["Utils"];
  #chunks: Buffer[] = [];
  #length = 0;
  #awaited = headerBytes;

  constructor(codec: Memjs["Utils"]) {
    this.#codec = codec;
  }

  /** Returns the replies that this chunk completes. Throws a `SessionError` if the bytes are not replies. */
  *read(chunk: Buffer): Generator<Response> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const [first = chunk] = this.#chunks;
    if (first[0] !== 0x81) throw noReply(first);
    if (this.#length < this.#awaited) return; // a large reply arrives in many chunks: joins them only once
    let rest = this.#chunks.length === 1 ? first : Buffer.concat(this.#chunks);
    let size = sizeOf(rest);
    while (rest.length >= size) {
      yield this.#codec.parseMessage(rest.subarray(0, size));
      rest = rest.subarray(size);
      size = sizeOf(rest);
    }
    this.#chunks = rest.length > 0 ? [rest] : [];
    this.#length = rest.length;
    this.#awaited = size;
  }
}

/** Returns the length of the first reply in bytes, or, until it is known, the number of bytes needed to know it. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length > 0 && bytes[0] !== 0x81) throw noReply(bytes);
  if (bytes.length < headerBytes) return headerBytes;
  const bodyBytes = bytes.readUInt32BE(8);
  const otherBytes = bytes.readUInt16BE(2) + bytes.readUInt8(4); // the key and the fields before it
  if (bodyBytes < otherBytes || bodyBytes > mostBytes) throw noReply(bytes);
  return headerBytes + bodyBytes;
}

/**
 * Explains bytes that are not a reply. Some servers send text instead, known from their source code; no other text is
 * repeated.
 */
function noReply(bytes: Buffer): SessionError {
  const text = bytes.toString("latin1", 0, 64);
  if (text.startsWith("ERROR Too many open connections")) {
    return new SessionError("overloaded", "The Memcached server has too many open connections.");
  }
  if (/^(CLIENT_|SERVER_)?ERROR/.test(text)) {
    return new SessionError("failed", 'The Memcached server does not speak the binary protocol ("-B ascii"?).');
  }
  return new SessionError("unavailable", "The Memcached server has sent bytes that are not a reply.");
}
