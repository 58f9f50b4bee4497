import type { Decorated, SessionHandler } from "sessionwire";
import { checkMethods, checkOptionNames, decorateHandler } from "sessionwire/backend";

/**
 * What {@link withSodiumMarshaller} needs of libsodium, as `libsodium-wrappers` has it once its `ready` has resolved.
 *
 * @public
 */
export interface SodiumBoxes {
  /** Seals a message for the owner of the key. */
  crypto_box_seal(message: Uint8Array, publicKey: Uint8Array): Uint8Array;
  /** Opens a sealed message, or throws an error. */
  crypto_box_seal_open(sealed: Uint8Array, publicKey: Uint8Array, privateKey: Uint8Array): Uint8Array;
}

/**
 * The options of {@link withSodiumMarshaller}.
 *
 * @public
 */
export interface SodiumMarshallerOptions {
  /**
   * The `decryptionKeys` of Symfony: pairs of keys, of 64 bytes each, as `sodium_crypto_box_keypair()` of PHP returns
   * them. The first one seals, and any of them opens.
   */
  readonly keys: readonly Uint8Array[];
  /** The library, ready for use. */
  readonly sodium: SodiumBoxes;
}

/** A private key and its public key, in this order. */
const PAIR_BYTES = 64;
const PRIVATE_BYTES = 32;

/** A sealed box is larger than its content by a public key and the tag of a box. */
const SEAL_BYTES = 48;

/**
 * Encrypts sessions as the `SodiumMarshaller` of Symfony does, for a `MarshallingSessionHandler` with it.
 *
 * @remarks
 * What none of the keys opens is taken as it is, as Symfony does: sessions from before the marshaller are read, but so is
 * whatever somebody else can write into the store. Nor is a session bound to its id. `withEncryption` has neither
 * weakness, but PHP cannot read it.
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
    return undefined; // it is sealed for somebody else, or not at all
  }
}
