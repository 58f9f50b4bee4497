import type { SessionHandler } from "sessionwire";
import { type Decorated, type DecoratorHooks, decorateHandler } from "sessionwire/backend";
import { createRandom } from "../../random.ts";

/** The parts that a broken version replaces. */
export interface MaskOptions extends Pick<DecoratorHooks, "encode" | "decode"> {
  /** By how much less than the handler inside it takes. */
  readonly overheadBytes?: number;
}

/** The first byte of every masked record. */
export const HEADER = 0xe7;

/** The shortest decorator that hides what it passes on: each byte is shifted, behind one that says so. */
export function withMask<H extends SessionHandler>(handler: H, options: MaskOptions = {}): Decorated<H> {
  const { overheadBytes = 1, ...hooks } = options;
  return decorateHandler(handler, {
    maxBytes: handler.maxBytes && handler.maxBytes - overheadBytes,
    encode,
    decode,
    ...hooks,
  });
}

export function encode(data: Uint8Array): Uint8Array {
  const masked = new Uint8Array(data.length + 1);
  masked[0] = HEADER;
  masked.set(shifted(data, 1), 1);
  return masked;
}

export function decode(stored: Uint8Array): Uint8Array {
  if (stored[0] !== HEADER) throw new Error("It is not masked.");
  return shifted(stored.subarray(1), -1);
}

/** In another way for each length, so that data which is encoded twice does not show. */
function shifted(data: Uint8Array, direction: 1 | -1): Uint8Array {
  const random = createRandom(data.length);
  return data.map((byte) => byte + direction * Math.floor(random() * 256));
}
