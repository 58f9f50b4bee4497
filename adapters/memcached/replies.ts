import type { Response } from "memjs";
import { SessionError } from "sessionwire";
import type { Memjs } from "./source.ts";

const headerBytes = 24;
/** No Memcached takes larger items. */
const mostBytes = 2 ** 30;

/**
 * Cuts the bytes of one connection into replies. memjs keeps what is left of one connection for the next, and takes whatever
 * comes for a reply: so it gives out the bytes of other keys once a reply was cut.
 */
export class ReplyReader {
  readonly #codec: Memjs["Utils"];
  #chunks: Buffer[] = [];
  #length = 0;
  #awaited = headerBytes;

  constructor(codec: Memjs["Utils"]) {
    this.#codec = codec;
  }

  /** The replies that are complete with this chunk. Throws a `SessionError` when the bytes are no replies. */
  *read(chunk: Buffer): Generator<Response> {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    const [first = chunk] = this.#chunks;
    if (first[0] !== 0x81) throw noReply(first);
    if (this.#length < this.#awaited) return; // a large reply comes in many chunks: put together once
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

/** How many bytes the reply at the beginning has; or, as long as that is open, how many it takes to tell. */
function sizeOf(bytes: Buffer): number {
  if (bytes.length > 0 && bytes[0] !== 0x81) throw noReply(bytes);
  if (bytes.length < headerBytes) return headerBytes;
  const bodyBytes = bytes.readUInt32BE(8);
  const otherBytes = bytes.readUInt16BE(2) + bytes.readUInt8(4); // the key and what stands before it
  if (bodyBytes < otherBytes || bodyBytes > mostBytes) throw noReply(bytes);
  return headerBytes + bodyBytes;
}

/** What is sent instead of a reply is text, and known from the server's source; nothing of other text is repeated. */
function noReply(bytes: Buffer): SessionError {
  const text = bytes.toString("latin1", 0, 64);
  if (text.startsWith("ERROR Too many open connections")) {
    return new SessionError("overloaded", "The Memcached server has too many open connections.");
  }
  if (/^(CLIENT_|SERVER_)?ERROR/.test(text)) {
    return new SessionError("failed", 'The Memcached server does not speak the binary protocol ("-B ascii"?).');
  }
  return new SessionError("unavailable", "The Memcached server has sent what is no reply.");
}
