import { RunningCalls } from "../../backend/running-calls.ts";
import { safeCause } from "../../backend/safe-cause.ts";
import type { MaybePromise } from "../../backend/session-backend.ts";
import type { Clock } from "../../clock.ts";
import { isSessionError, SessionError } from "../../errors.ts";
import { isKeyId } from "./envelope.ts";
import { SingleFlight } from "./single-flight.ts";

/**
 * The part of a `CryptoKey` that is checked. It must be one for `HKDF` with the usage `deriveKey`; it need not be
 * extractable.
 *
 * @public
 */
export interface DerivableKey {
  /** The algorithm of the key: `{ name: "HKDF" }`. */
  readonly algorithm: { readonly name: string };
  /** The usages of the key, with `"deriveKey"` among them. */
  readonly usages: readonly string[];
}

/**
 * The secret of a key: at least 32 random bytes, or a `CryptoKey` that was made of them.
 *
 * @public
 */
export type KeyMaterial = Uint8Array | DerivableKey;

/**
 * A key and its id, or only the id of a key that `keyOf` supplies. An id has 1 to 16 of the characters `A-Z`, `a-z`,
 * `0-9`, `.`, `_` and `-`, is stored in every record, and never stands for another key.
 *
 * @public
 */
export type EncryptionKey = string | { readonly id: string; readonly key: KeyMaterial };

/**
 * Supplies a key, for instance from a key management service. `undefined`: there is no such key (any more).
 *
 * @public
 */
export type KeyOf = (keyId: string, options: { readonly signal: AbortSignal }) => MaybePromise<KeyMaterial | undefined>;

/** A `CryptoKey`, by a name that is available wherever Web Crypto is. */
export type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** Minimum number of bytes of a key: those of AES-256. */
const MIN_KEY_BYTES = 32;

/** The keys of a handler. A key that is supplied from outside is asked for when it is first needed, once at a time. */
export class KeyRing {
  /** The id of the key that encrypts. */
  readonly firstId: string;
  readonly #given: ReadonlyMap<string, KeyMaterial | undefined>;
  readonly #keyOf: KeyOf | undefined;
  readonly #loaded = new Map<string, Key>();
  readonly #loading = new SingleFlight<Key>();
  readonly #calls: RunningCalls;

  constructor(keys: readonly EncryptionKey[], keyOf: KeyOf | undefined, clock: Clock, keyTimeoutMs: number) {
    const [first, ...others] = checkedKeys(keys, keyOf !== undefined);
    this.firstId = first[0];
    this.#given = new Map([first, ...others]);
    this.#keyOf = keyOf;
    this.#calls = new RunningCalls({ name: "The key service", clock, timeoutMs: keyTimeoutMs });
  }

  /** Returns a key. A failure is not remembered: the next caller asks again. */
  get(id: string): MaybePromise<Key> {
    const loaded = this.#loaded.get(id);
    if (loaded) return loaded;
    if (!this.#given.has(id)) throw missingKey();
    return this.#loading.run(id, () => this.#load(id));
  }

  close(): void {
    this.#calls.close();
  }

  async #load(id: string): Promise<Key> {
    const material = this.#given.get(id) ?? (await this.#supplied(id));
    if (material === undefined) throw missingKey();
    const key = isBytes(material) ? await importBytes(material) : (material as unknown as Key); // a CryptoKey, as was checked
    this.#loaded.set(id, key);
    return key;
  }

  async #supplied(id: string): Promise<KeyMaterial | undefined> {
    const material = await this.#calls
      .run(false, undefined, async ({ signal }) => this.#keyOf?.(id, { signal }))
      .catch((error: unknown) => Promise.reject(asUnavailable(error)));
    const problem = material === undefined ? undefined : problemOf(material);
    if (problem === undefined) return material;
    throw new SessionError("failed", `The key that keyOf has supplied ${problem}.`);
  }
}

function missingKey(): SessionError {
  return new SessionError("key-missing", "The session is encrypted with a key that this handler does not have.");
}

/** Whatever a key service says, it must not be taken for a verdict on the session. */
function asUnavailable(error: unknown): SessionError {
  if (isSessionError(error) && error.code === "closed") return error;
  const cause = isSessionError(error) && error.code === "failed" ? error.cause : error;
  return new SessionError("unavailable", "The key service has failed.", { cause: safeCause(cause) });
}

function checkedKeys(keys: readonly EncryptionKey[], isSupplied: boolean): [Given, ...Given[]] {
  if (!Array.isArray(keys)) throw new TypeError("keys must be an array.");
  const [first, ...others] = (keys as readonly unknown[]).map((key) => checkedKey(key, isSupplied));
  if (first === undefined) throw new RangeError("keys must not be empty: the first one encrypts.");
  const ids = [first, ...others].map(([id]) => id);
  if (new Set(ids).size < ids.length) throw new RangeError("Two keys must not have the same id.");
  return [first, ...others];
}

type Given = readonly [id: string, material: KeyMaterial | undefined];

function checkedKey(given: unknown, isSupplied: boolean): Given {
  const { id, key } = (typeof given === "object" && given !== null ? given : { id: given }) as {
    readonly id?: unknown;
    readonly key?: unknown;
  };
  if (!isKeyId(id)) throw new RangeError("The id of a key must have 1 to 16 of the characters A-Z a-z 0-9 . _ -");
  if (typeof given === "string") {
    if (isSupplied) return [id, undefined];
    throw new TypeError("A key without bytes needs the option keyOf.");
  }
  const problem = problemOf(key);
  if (problem !== undefined) throw new TypeError(`A key ${problem}.`);
  const material = key as KeyMaterial; // as was just checked
  return [id, isBytes(material) ? material.slice() : material];
}

/** Says what is wrong with the secret of a key, if anything. */
function problemOf(material: unknown): string | undefined {
  if (isBytes(material)) return material.length < MIN_KEY_BYTES ? "has fewer than 32 bytes" : undefined;
  if (typeof material !== "object" || material === null) return "is neither bytes nor a CryptoKey";
  const { algorithm, usages } = material as Partial<DerivableKey>;
  return algorithm?.name === "HKDF" && usages?.includes("deriveKey")
    ? undefined
    : "is no CryptoKey for HKDF with the usage deriveKey";
}

/** Checks the tag rather than `instanceof`, so that arrays from another realm count, too. */
function isBytes(material: unknown): material is Uint8Array {
  return ArrayBuffer.isView(material) && (material as Partial<Uint8Array>)[Symbol.toStringTag] === "Uint8Array";
}

function importBytes(bytes: Uint8Array): Promise<Key> {
  return crypto.subtle.importKey("raw", new Uint8Array(bytes), "HKDF", false, ["deriveKey"]);
}
