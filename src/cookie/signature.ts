import type { MaybePromise } from "../backend/session-backend.ts";
import { toBase64 } from "../base64.ts";
import { encoder } from "../utf8.ts";

/**
 * A secret as `createHmac` of Node, and therefore express-session, accepts it: a string, bytes or a key.
 *
 * @public
 */
export type Secret = string | ArrayBuffer | ArrayBufferView | SecretKey;

/**
 * The part of a secret `KeyObject` of `node:crypto` that is used.
 *
 * @public
 */
export interface SecretKey {
  /** `"secret"`; other keys are refused. */
  readonly type: string;
  /** The bytes of the key. */
  export(): Uint8Array;
}

/** Signs values, and recognises those that it has signed. */
export interface Signer {
  /** Returns the value with its signature by the first secret. */
  sign(value: string): MaybePromise<string>;
  /** Returns the value if one of the secrets has signed it. Any other input gives `undefined`, never an error. */
  unsign(signed: string): MaybePromise<string | undefined>;
}

/**
 * Creates a signer of HMAC-SHA-256 signatures in the format of cookie-signature, the package that signs the cookies of
 * express: `<value>.<signature>`, with the signature in base64 of the standard alphabet, without padding.
 *
 * Secrets may have any length, since those of another application cannot be changed. Only an empty secret is refused:
 * anyone could sign with it.
 */
export function createSigner(secrets: readonly Secret[]): Signer {
  const encoded = bytesOfSecrets(secrets);
  let imported: readonly Key[] | undefined;

  /**
   * Imports the keys on demand, so that no promise rejects unawaited. Callers that come before the keys are ready
   * import them themselves: the promise of a cancelled request never settles for others.
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
      // Lone surrogates all encode to the same bytes, so a signature of one would be valid for another.
      if (value === undefined || text === undefined || !value.isWellFormed()) return undefined;
      const signature = decode(text);
      for (const key of await keys()) {
        // In constant time (OWASP ASVS 5.0, 11.2.4), unlike comparing strings.
        if (await crypto.subtle.verify("HMAC", key, signature, encode(value))) return value;
      }
      return undefined;
    },
  };
}

/** Returns the length of each secret in bytes. */
export function lengthsOf(secrets: readonly Secret[]): number[] {
  return bytesOfSecrets(secrets).map(({ length }) => length);
}

/** Copies the bytes: the caller may wipe its own. */
function bytesOfSecrets(secrets: readonly Secret[]): Uint8Array<ArrayBuffer>[] {
  if (!Array.isArray(secrets)) throw new TypeError("secrets must be an array.");
  if (secrets.length === 0) throw new RangeError("secrets must not be empty: the first one signs.");
  return secrets.map((secret: unknown) => {
    const bytes = bytesOf(secret);
    if (bytes === undefined) throw new TypeError("A secret must be a well-formed string, bytes or a secret key.");
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

/** Checks the tag, so that an `ArrayBuffer` from another realm counts, too. */
function isArrayBuffer(secret: unknown): secret is ArrayBuffer {
  return Object.prototype.toString.call(secret) === "[object ArrayBuffer]";
}

function isSecretKey(secret: unknown): secret is SecretKey {
  if (typeof secret !== "object" || secret === null) return false;
  return "type" in secret && secret.type === "secret" && "export" in secret && typeof secret.export === "function";
}

/** A `CryptoKey`, by a name that is available wherever Web Crypto is. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

function importKey(secret: Uint8Array<ArrayBuffer>): Promise<Key> {
  return crypto.subtle.importKey("raw", secret, { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
}

/**
 * Matches a value, the last dot, and the base64 of 32 bytes in the canonical form. The last character encodes four bits
 * and two zero bits, which decoders ignore; otherwise four texts would be the same signature.
 */
const signedValue = /^(.*)\.([A-Za-z0-9+/]{42}[AEIMQUYcgkosw048])$/s;

function decode(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

function encode(text: string): Uint8Array<ArrayBuffer> {
  return encoder.encode(text);
}
