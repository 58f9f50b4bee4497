import type { MaybePromise } from "../../backend/session-backend.ts";
import { toBase64Url } from "../../base64.ts";
import { RecentlyUsed } from "../../recently-used.ts";
import { encoder } from "../../utf8.ts";
import { NONCE_BYTES, SALT_BYTES } from "./envelope.ts";
import type { Key, KeyRing } from "./key-ring.ts";
import { SingleFlight } from "./single-flight.ts";

/**
 * Maximum number of records under one subkey. With records of 1 MiB, an attacker's advantage against AES-GCM stays
 * below 2^-57, the margin that TLS 1.3 chose (RFC 8446, section 5.5).
 */
const MAX_RECORDS = 2 ** 20;
/** Maximum number of subkeys kept, of which each process that writes has one at a time. */
const MAX_KEPT = 1000;
/** Separates these keys from all others that an application derives from the same secret. */
const PURPOSE: Uint8Array<ArrayBuffer> = /* @__PURE__ */ encoder.encode("sessionwire encryption 1 AES-256-GCM");

/** All that encrypts one record. */
export interface Sealing {
  readonly keyId: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly key: Key;
}

/**
 * Derives the keys of records from the keys of the handler.
 *
 * @remarks
 * Each handler draws a salt of 128 bits and derives a subkey for itself, so that no two processes share a key of AES.
 * NIST SP 800-38D (8.3) limits a key with random nonces to 2^32 records; a nonce here ends in the number of the record
 * under its subkey (8.2.1), so no two are equal. It begins with 64 random bits, in case a running process is copied
 * together with its salt and its count, as in a snapshot of a virtual machine.
 */
export class Subkeys {
  readonly #keys: KeyRing;
  readonly #kept = new RecentlyUsed<Key>(MAX_KEPT);
  readonly #deriving = new SingleFlight<Key>();
  readonly #renewing = new SingleFlight<OwnSubkey>();
  #own: OwnSubkey | undefined;

  constructor(keys: KeyRing) {
    this.#keys = keys;
  }

  /** Returns the key of a record. */
  get(keyId: string, salt: Uint8Array<ArrayBuffer>): MaybePromise<Key> {
    const name = `${keyId} ${toBase64Url(salt)}`;
    return this.#kept.get(name) ?? this.#deriving.run(name, () => this.#derive(name, keyId, salt));
  }

  /** Returns what encrypts the next record. */
  async next(): Promise<Sealing> {
    const own = this.#own?.hasRoom ? this.#own : await this.#renewing.run("", () => this.#renew());
    return own.take();
  }

  async #derive(name: string, keyId: string, salt: Uint8Array<ArrayBuffer>): Promise<Key> {
    const algorithm = { name: "HKDF", hash: "SHA-256", salt, info: PURPOSE };
    const usages = ["encrypt", "decrypt"] as const;
    const root = await this.#keys.get(keyId);
    const key = await crypto.subtle.deriveKey(algorithm, root, { name: "AES-GCM", length: 256 }, false, [...usages]);
    this.#kept.set(name, key);
    return key;
  }

  async #renew(): Promise<OwnSubkey> {
    const { firstId } = this.#keys;
    const salt = crypto.getRandomValues(new Uint8Array(SALT_BYTES));
    this.#own = new OwnSubkey(firstId, salt, await this.get(firstId, salt));
    return this.#own;
  }
}

/** The subkey under which a handler writes, and the number of records written. */
class OwnSubkey {
  readonly #keyId: string;
  readonly #salt: Uint8Array<ArrayBuffer>;
  readonly #key: Key;
  #records = 0;

  constructor(keyId: string, salt: Uint8Array<ArrayBuffer>, key: Key) {
    this.#keyId = keyId;
    this.#salt = salt;
    this.#key = key;
  }

  get hasRoom(): boolean {
    return this.#records < MAX_RECORDS;
  }

  take(): Sealing {
    const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
    new DataView(nonce.buffer).setUint32(NONCE_BYTES - 4, this.#records);
    this.#records += 1;
    return { keyId: this.#keyId, salt: this.#salt, nonce, key: this.#key };
  }
}
