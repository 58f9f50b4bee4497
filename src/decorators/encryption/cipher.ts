import { SessionError } from "../../errors.ts";
import { encoder } from "../../utf8.ts";
import { asUnshared, createRecord, HEADER_BYTES, isMarked, parseRecord } from "./envelope.ts";
import type { KeyRing } from "./key-ring.ts";
import { Subkeys } from "./subkeys.ts";

/** The stage of introducing encryption to a store that is in use. */
interface Introduction {
  acceptsPlaintext(): boolean;
  encrypts(): boolean;
}

/** Encrypts the data of sessions, each for its id. */
export class Cipher {
  readonly #keys: KeyRing;
  readonly #subkeys: Subkeys;
  readonly #introduction: Introduction;

  constructor(keys: KeyRing, introduction: Introduction) {
    this.#keys = keys;
    this.#subkeys = new Subkeys(keys);
    this.#introduction = introduction;
  }

  /** Data that would claim to be encrypted is encrypted even before that begins: it could not be read. */
  async seal(data: Uint8Array, id: string): Promise<Uint8Array> {
    if (!this.#introduction.encrypts() && !isMarked(data)) return data;
    const sealing = await this.#subkeys.next();
    const record = createRecord(sealing, data.length);
    const algorithm = algorithmOf(sealing.nonce, record.subarray(0, HEADER_BYTES), id);
    const sealed = await crypto.subtle.encrypt(algorithm, sealing.key, asUnshared(data));
    record.set(new Uint8Array(sealed), HEADER_BYTES);
    return record;
  }

  /**
   * Returns the data of a record. One that claims to be encrypted is never taken for plaintext, even if it cannot be
   * decrypted: otherwise anyone who can write to the store could choose the data.
   */
  async open(stored: Uint8Array, id: string): Promise<Uint8Array> {
    if (!isMarked(stored)) return this.#plaintext(stored);
    const { keyId, salt, nonce, header, sealed } = parseRecord(stored);
    const key = await this.#subkeys.get(keyId, salt);
    try {
      return new Uint8Array(await crypto.subtle.decrypt(algorithmOf(nonce, header, id), key, sealed));
    } catch {
      throw new SessionError("corrupt", "The encrypted session was altered, or belongs under another id.");
    }
  }

  /** Checks if a record is one under the first key, or plaintext before encryption begins. */
  isCurrent(stored: Uint8Array): boolean {
    if (!isMarked(stored)) return !this.#introduction.encrypts();
    return parseRecord(stored).keyId === this.#keys.firstId;
  }

  #plaintext(stored: Uint8Array): Uint8Array {
    if (this.#introduction.acceptsPlaintext()) return stored;
    throw new SessionError("corrupt", "The stored session is not encrypted.");
  }
}

/** The header has a fixed length, so no two pairs of header and id have the same additional data. */
function algorithmOf(nonce: Uint8Array<ArrayBuffer>, header: Uint8Array, id: string) {
  const bytesOfId = encoder.encode(id);
  const additionalData = new Uint8Array(header.length + bytesOfId.length);
  additionalData.set(header);
  additionalData.set(bytesOfId, header.length);
  return { name: "AES-GCM", iv: nonce, additionalData, tagLength: 128 };
}
