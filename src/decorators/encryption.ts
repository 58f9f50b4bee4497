import { checkClock, checkCount, checkOptionNames, MAX_DELAY_MS } from "../backend/checks.ts";
import { type Clock, systemClock } from "../clock.ts";
import type { OperationOptions, SessionHandler } from "../handler.ts";
import { type Decorated, decorateHandler } from "./decorate.ts";
import { Cipher } from "./encryption/cipher.ts";
import { OVERHEAD_BYTES } from "./encryption/envelope.ts";
import { type EncryptionKey, type KeyOf, KeyRing } from "./encryption/key-ring.ts";
import { Reencrypter, type Reencryption, type TtlSecondsOf } from "./encryption/reencryption.ts";

/**
 * The options of {@link withEncryption}.
 *
 * @public
 */
export interface EncryptionOptions {
  /** The keys: the first one encrypts, all of them decrypt. */
  readonly keys: readonly EncryptionKey[];
  /**
   * Supplies the keys that `keys` names by their id alone. It is called when a key is first needed, once at a time for
   * each key, and again after a failure. On Cloudflare Workers,
   * each request asks for itself until one has an answer. Its `signal` aborts at `keyTimeoutMs` or when the handler is closed.
   */
  readonly keyOf?: KeyOf | undefined;
  /**
   * Maximum time for `keyOf`, in milliseconds: a whole number from 1 to 2^31 - 1.
   *
   * @defaultValue 2000
   */
  readonly keyTimeoutMs?: number | undefined;
  /**
   * Accepts sessions that are not encrypted until this time (a `Date`, or milliseconds since 1970), while encryption is
   * introduced to a store that is in use. Until then, whoever can write to the store can choose the data of a session.
   *
   * @defaultValue none: they are `corrupt`
   */
  readonly acceptPlaintextUntil?: Date | number | undefined;
  /**
   * Stores sessions as they are until this time (a `Date`, or milliseconds since 1970), which is before
   * `acceptPlaintextUntil`: so all processes can read encrypted sessions before one of them writes some.
   *
   * @defaultValue none: every write is encrypted
   */
  readonly encryptFrom?: Date | number | undefined;
  /**
   * The source of the time.
   *
   * @defaultValue {@link systemClock}
   */
  readonly clock?: Clock | undefined;
}

/**
 * A handler behind {@link withEncryption}. A decorator around it hides `reencrypt`, so keep a reference to it.
 *
 * @public
 */
export type Encrypted<H extends SessionHandler> = Decorated<H> & {
  /**
   * Rewrites a session that is not encrypted with the first key, if it is still what was read. `ttlSeconds` is its time
   * to live from then on. {@link rotate} does it for all sessions of a store that can list them.
   */
  reencrypt(id: string, ttlSeconds: number | TtlSecondsOf, options?: OperationOptions): Promise<Reencryption>;
};

/**
 * Encrypts sessions by AES-256-GCM, with Web Crypto.
 *
 * @remarks
 * - A session is bound to its id: its bytes are `corrupt` under any other one. An older state of the same session,
 *   written back by somebody who can write to the store, is not detected.
 * - The data is hidden; the id, the size of the data, the id of the key and the times of writes are not.
 * - A record is 64 bytes larger than its data, and `maxBytes` is that much smaller than inside. Larger data is refused
 *   before it is encrypted.
 * - Records of a key that is not in the list have code `key-missing`. A key that `keyOf` cannot supply now is
 *   `unavailable`, with outcome `not-applied`.
 * - Keys of AES are derived by HKDF-SHA-256 for each process, and renewed after 2^20 writes. No nonce is used twice.
 *
 * @throws `RangeError` or `TypeError` for an invalid option.
 *
 * @public
 */
export function withEncryption<H extends SessionHandler>(handler: H, options: EncryptionOptions): Encrypted<H> {
  checkOptionNames("withEncryption", options, optionNames);
  const { keys, keyOf, keyTimeoutMs = 2000, clock = systemClock } = options;
  checkCount("keyTimeoutMs", keyTimeoutMs, 1, MAX_DELAY_MS);
  checkClock(clock);
  if (keyOf !== undefined && typeof keyOf !== "function") throw new TypeError("keyOf must be a function.");
  const plaintextUntil = timeOf("acceptPlaintextUntil", options.acceptPlaintextUntil);
  const encryptFrom = timeOf("encryptFrom", options.encryptFrom);
  if (encryptFrom >= plaintextUntil && options.encryptFrom !== undefined) {
    throw new RangeError("encryptFrom must be before acceptPlaintextUntil, or what is written first cannot be read.");
  }
  const ring = new KeyRing(keys, keyOf, clock, keyTimeoutMs);
  const cipher = new Cipher(ring, {
    acceptsPlaintext: () => clock.now() < plaintextUntil,
    encrypts: () => clock.now() >= encryptFrom,
  });
  const reencrypter = new Reencrypter(handler, cipher);
  const decorated = decorateHandler(handler, {
    maxBytes: handler.maxBytes && handler.maxBytes - OVERHEAD_BYTES,
    encode: (data, { id = "" }) => cipher.seal(data, id),
    decode: (stored, { id = "" }) => cipher.open(stored, id),
    async close(next) {
      ring.close();
      reencrypter.close();
      await next();
    },
  });
  const reencrypt: Encrypted<SessionHandler>["reencrypt"] = (id, ttlSeconds, options) =>
    reencrypter.run(id, ttlSeconds, options);
  return Object.assign(decorated, { reencrypt });
}

const optionNames = ["keys", "keyOf", "keyTimeoutMs", "acceptPlaintextUntil", "encryptFrom", "clock"];

/** Returns milliseconds since 1970; without a time, a moment that has always passed. */
function timeOf(name: string, time: Date | number | undefined): number {
  if (time === undefined) return Number.NEGATIVE_INFINITY;
  const ms = typeof time === "object" ? Number(time) : time;
  if (time !== null && Number.isFinite(ms)) return ms;
  throw new RangeError(`${name} must be a valid Date, or a number of milliseconds since 1970.`);
}
