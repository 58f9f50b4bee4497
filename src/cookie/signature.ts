import type { MaybePromise } from "../backend/session-backend.ts";
import { toBase64 } from "../base64.ts";

/**
 * A secret as `createHmac` of Node takes it, and so express-session: a text, bytes, or a key.
 *
 * @public
 */
export type Secret = string | ArrayBuffer | ArrayBufferView | SecretKey;

/**
 * A secret `KeyObject` of `node:crypto`, as far as it is needed.
 *
 * @public
 */
export interface SecretKey {
  /** `"secret"`; other keys are refused. */
  readonly type: string;
  /** The bytes of the key. */
  export(): Uint8Array;
}

/** Signs texts, and tells those that it has signed from all others. */
export interface Signer {
  /** The value with its signature by the first secret. */
  sign(value: string): MaybePromise<string>;
  /** The value, if one of the secrets has signed it. Whatever else it is given is `undefined`, and no error. */
  unsign(signed: string): MaybePromise<string | undefined>;
}

/**
 * HMAC-SHA-256 signatures as cookie-signature makes them, the package that signs the cookies of express:
 * `<value>.<signature>`, the signature in base64 of the standard alphabet, without padding.
 *
 * Secrets may be of any length, since those of a foreign application have the length that they have. Only an empty one is
 * refused: everybody could sign with it.
 */
export function createSigner(secrets: readonly Secret[]): Signer {
  const encoded = bytesOfSecrets(secrets);
  let imported: readonly Key[] | undefined;

  /**
   * Imported when they are needed: a promise that nobody awaits must not be rejected. Each of those who come before they are
   * there imports them for itself, because the promise of a request that is cancelled never settles for others.
   */
  async function keys(): Promise<readonly Key[]> {
    imported ??= await Promise.all(encoded.map(importKey));
    return imported;
  }

  return {
    async sign(value) {
      const [key] = await keys();
      const signature = await crypto.subtle.sign("HMAC", key as Key, encode(value)); // there is a first secret
      return `${value}.${toBase64(new Uint8Array(signature))}`;
    },

    async unsign(signed) {
      const [, value, text] = signedValue.exec(signed) ?? [];
      // Surrogates without their other half are all encoded as the same bytes: a signature of one would be one of the other.
      if (value === undefined || text === undefined || !value.isWellFormed()) return undefined;
      const signature = decode(text);
      for (const key of await keys()) {
        // In constant time (OWASP ASVS 5.0, 11.2.4); comparing texts is not.
        if (await crypto.subtle.verify("HMAC", key, signature, encode(value))) return value;
      }
      return undefined;
    },
  };
}

/** How many bytes each of them has. */
export function lengthsOf(secrets: readonly Secret[]): number[] {
  return bytesOfSecrets(secrets).map(({ length }) => length);
}

/** Copies: whoever hands over bytes may wipe them. */
function bytesOfSecrets(secrets: readonly Secret[]): Uint8Array<ArrayBuffer>[] {
  if (!Array.isArray(secrets)) throw new TypeError("secrets must be an array.");
  if (secrets.length === 0) throw new RangeError("secrets must not be empty: the first one signs.");
  return secrets.map((secret: unknown) => {
    const bytes = bytesOf(secret);
    if (bytes === undefined) throw new TypeError("A secret must be a well-formed text, bytes or a secret key.");
    if (bytes.length === 0) throw new RangeError("A secret must not be empty.");
    return bytes;
  });
}

function bytesOf(secret: unknown): Uint8Array<ArrayBuffer> | undefined {
  if (typeof secret === "string") return secret.isWellFormed() ? encode(secret) : undefined;
  if (ArrayBuffer.isView(secret)) {
    return Uint8Array.from(new Uint8Array(secret.buffer, secret.byteOffset, secret.byteLength));
  }
  if (isArrayBuffer(secret)) return new Uint8Array(secret.slice());
  return isSecretKey(secret) ? bytesOf(secret.export()) : undefined;
}

/** By tag, so that one of another realm counts, too. */
function isArrayBuffer(secret: unknown): secret is ArrayBuffer {
  return Object.prototype.toString.call(secret) === "[object ArrayBuffer]";
}

function isSecretKey(secret: unknown): secret is SecretKey {
  if (typeof secret !== "object" || secret === null) return false;
  return "type" in secret && secret.type === "secret" && "export" in secret && typeof secret.export === "function";
}

/** A `CryptoKey`, under a name that is known wherever Web Crypto is. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

function importKey(secret: Uint8Array<ArrayBuffer>): Promise<Key> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/**
 * A value, the last dot, and the base64 of 32 bytes as only an encoder writes it. Its last character stands for four bits and
 * two zeros; a decoder ignores these two, so that four texts would be one signature.
 */
const signedValue = /^(.*)\.([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048])$/s;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(text);
}
