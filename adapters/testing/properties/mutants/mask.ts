import type { SessionHandler } from "sessionwire";
import { type Decorated, type DecoratorHooks, decorateHandler } from "sessionwire/backend";
import { createRandom } from "../../random.ts";

/** The parts that a broken version replaces. */
export interface MaskOptions extends Pick<DecoratorHooks, "encode" | "decode"> {
  /** The difference between its maximum session size and that of the inner handler, in bytes. */
  readonly overheadBytes?: number;
}

/** The first byte of every masked record. */
export const HEADER = 0xe7;

/**
 * Returns the shortest decorator that hides its data: each byte is shifted, after a first byte that marks the record.
 */
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
  if (stored[0] !== HEADER) throw new Error("The record is not masked.");
  return shifted(stored.subarray(1), -1);
}

/**
 * Shifts each byte by an amount that depends on the length, so that data encoded twice does not look like the original.
 */
function shifted(data: Uint8Array, direction: 1 | -1): Uint8Array {
  const random = createRandom(data.length);
  return data.map((byte) => byte + direction * Math.floor(random() * 256));
}
