import type { Decorated, SessionHandler } from "sessionwire";
import { checkMethods, checkOptionNames, decorateHandler } from "sessionwire/backend";

/**
 * The functions of libsodium that {@link withSodiumMarshaller} calls, as `libsodium-wrappers` provides them once its
 * `ready` has resolved.
 *
 * @public
 */
export interface SodiumBoxes {
  /** Seals a message for the owner of the key. */
  crypto_box_seal(message: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** Opens a sealed message. Throws an error if it cannot. */
  crypto_box_seal_open(sealed: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array;
}

/**
 * The options of {@link withSodiumMarshaller}.
 *
 * @public
 */
export interface SodiumMarshallerOptions {
  /**
   * The `decryptionKeys` of Symfony: key pairs of 64 bytes each, as returned by `sodium_crypto_box_keypair()` of PHP.
   * The first pair seals, and each of them opens.
   */
  readonly keys: readonly Uint8Array[];
  /** The library, ready for use. */
  readonly sodium: SodiumBoxes;
}

/** A private key and its public key, in this order. */
const PAIR_BYTES = 64;
const PRIVATE_BYTES = 32;

/** The overhead of a sealed box: a public key and a tag. */
const SEAL_BYTES = 48;

/**
 * Encrypts sessions like the `SodiumMarshaller` of Symfony, for applications with a `MarshallingSessionHandler`.
 *
 * @remarks
 * As in Symfony, data that none of the keys opens is read as it is: sessions from before the marshaller stay valid, but
 * whoever can write into the store can also forge a session. Sessions are not bound to their ids. `withEncryption` has
 * neither weakness, but PHP cannot read what it stores.
 *
 * @example
 * ```ts
 * await sodium.ready; // the default export of libsodium-wrappers
 * const keys = [sodium.from_base64(process.env.SESSION_KEYPAIR, sodium.base64_variants.ORIGINAL)];
 * const handler = withSodiumMarshaller(createRedisHandler("redis://localhost"), { keys, sodium });
 * ```
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withSodiumMarshaller<H extends SessionHandler>(
  handler: H,
  options: SodiumMarshallerOptions,
): Decorated<H> {
  checkOptionNames("withSodiumMarshaller", options, ["keys", "sodium"]);
  const { keys, sodium } = options;
  checkMethods("sodium", sodium, ["crypto_box_seal", "crypto_box_seal_open"]);
  const pairs = pairsOf(keys);
  const [{ publicKey }] = pairs;
  const { maxBytes } = handler;

  return decorateHandler(handler, {
    ...(maxBytes !== undefined && { maxBytes: Math.max(maxBytes - SEAL_BYTES, 1) }),
    encode: (data) => sodium.crypto_box_seal(data, publicKey),
    decode(stored) {
      for (const pair of pairs) {
        const data = opened(sodium, stored, pair);
        if (data) return data;
      }
      return stored;
    },
  });
}

interface KeyPair {
  readonly publicKey: Uint8Array;
  readonly privateKey: Uint8Array;
}

function pairsOf(keys: unknown): readonly [KeyPair, ...KeyPair[]] {
  if (!Array.isArray(keys)) throw new TypeError("`keys` must be an array of pairs of keys.");
  const [first, ...others] = keys.map(pairOf);
  if (first === undefined) throw new RangeError("`keys` must have at least one pair of keys.");
  return [first, ...others];
}

/** Copies the pair. The message includes neither the key nor its length. */
function pairOf(key: unknown): KeyPair {
  if (!(key instanceof Uint8Array)) throw new TypeError("A pair of keys must be a Uint8Array.");
  if (key.length !== PAIR_BYTES) throw new RangeError(`A pair of keys must have ${PAIR_BYTES} bytes.`);
  return { privateKey: key.slice(0, PRIVATE_BYTES), publicKey: key.slice(PRIVATE_BYTES) };
}

function opened(sodium: SodiumBoxes, sealed: Uint8Array, { publicKey, privateKey }: KeyPair): Uint8Array | undefined {
  if (sealed.length < SEAL_BYTES) return undefined;
  try {
    return sodium.crypto_box_seal_open(sealed, publicKey, privateKey);
  } catch {
    return undefined; // sealed by another key, or not at all
  }
}
