import type { SessionHandler } from "sessionwire";
import { type DecoratorHooks, decorateHandler } from "sessionwire/backend";
import { decode, encode } from "./mask.ts";
import type { TransformingMutant } from "./transforming-mutant.ts";

/** Returns mutants that break a promise which only some decorators make. */
export function mutantsOfKeys(): TransformingMutant[] {
  const randomNonce = () => crypto.getRandomValues(new Uint8Array(8));
  return [
    {
      law: 139,
      bug: "reads the bytes of a session under any id",
      subject: { decorate: (inner) => withNonce(inner, randomNonce), hides: true, bindsId: true },
    },
    {
      law: 43,
      bug: "takes data that is not encoded for plaintext",
      subject: {
        hides: true,
        decorate: (inner) =>
          withNonce(inner, randomNonce, {
            decode: (stored) => (stored[0] === 0x7b ? stored : decode(stored.subarray(8))),
          }),
      },
    },
    {
      law: 140,
      bug: "counts its nonces from the start in each process",
      subject: {
        hides: true,
        neverRepeats: true,
        decorate(inner) {
          let count = 0;
          return withNonce(inner, () => {
            count += 1;
            return new Uint8Array(new BigUint64Array([BigInt(count)]).buffer);
          });
        },
      },
    },
    {
      law: 140,
      bug: "makes its nonce of the data",
      subject: {
        hides: true,
        neverRepeats: true,
        decorate: (inner) =>
          withNonce(inner, (data) => Uint8Array.from({ length: 8 }, (_, index) => data[index] ?? data.length)),
      },
    },
    {
      law: 141,
      bug: "goes on writing with the old key",
      subject: {
        hides: true,
        decorate: (inner) => withKeys(inner, [OLD, NEW]),
        keyChange: { before: (inner) => withKeys(inner, [OLD]), after: (inner) => withKeys(inner, [NEW]) },
      },
    },
    {
      law: 141,
      bug: "never gives up the old key",
      subject: {
        hides: true,
        decorate: (inner) => withKeys(inner, [NEW, OLD]),
        keyChange: { before: (inner) => withKeys(inner, [OLD]), after: (inner) => withKeys(inner, [NEW, OLD]) },
      },
    },
  ];
}

const OLD = 1;
const NEW = 2;

/** Masks the data behind a first byte that names the key. The first key encodes, all of them decode. */
function withKeys(handler: SessionHandler, keys: readonly number[]): SessionHandler {
  return decorateHandler(handler, {
    maxBytes: handler.maxBytes && handler.maxBytes - 2,
    encode: (data) => Uint8Array.of(keys[0] ?? 0, ...encode(data)),
    decode(stored) {
      if (!keys.includes(stored[0] ?? 0)) throw new Error("Its key is unknown.");
      return decode(stored.subarray(1));
    },
  });
}

/** Masks the data behind 8 bytes that differ each time. */
function withNonce(
  handler: SessionHandler,
  nonce: (data: Uint8Array) => Uint8Array,
  hooks: DecoratorHooks = {},
): SessionHandler {
  return decorateHandler(handler, {
    maxBytes: handler.maxBytes && handler.maxBytes - 9,
    encode: (data) => Uint8Array.of(...nonce(data), ...encode(data)),
    decode: (stored) => decode(stored.subarray(8)),
    ...hooks,
  });
}
