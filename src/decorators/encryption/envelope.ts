import { SessionError } from "../../errors.ts";
import { decoder, encoder } from "../../utf8.ts";

// An encrypted record:
//
//   4 bytes   "\0sw", which no format begins with, and the version of this layout
//   16 bytes  the id of the key, in ASCII, filled up with NUL
//   16 bytes  the salt of the subkey
//   12 bytes  the nonce
//   the rest  the encrypted data, as long as the data, and the tag of 16 bytes
//
// Every length is fixed, so that a header can be read in one way only, and each record is larger by the same 64 bytes.

/** Maximum length of the id of a key. */
export const KEY_ID_LENGTH = 16;
export const SALT_BYTES = 16;
export const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const MARK: Uint8Array = /* @__PURE__ */ encoder.encode("\0sw");
const VERSION = 1;
const KEY_ID_AT = 4;
const SALT_AT = KEY_ID_AT + KEY_ID_LENGTH;
const NONCE_AT = SALT_AT + SALT_BYTES;
export const HEADER_BYTES: number = NONCE_AT + NONCE_BYTES;

/** The difference between the size of a record and that of its data. */
export const OVERHEAD_BYTES: number = HEADER_BYTES + TAG_BYTES;

/** An encrypted record, taken apart. */
export interface Envelope {
  readonly keyId: string;
  readonly salt: Uint8Array<ArrayBuffer>;
  readonly nonce: Uint8Array<ArrayBuffer>;
  readonly header: Uint8Array<ArrayBuffer>;
  readonly sealed: Uint8Array<ArrayBuffer>;
}

/** Returns a record with its header, and room for `length` bytes of encrypted data. */
export function createRecord(
  { keyId, salt, nonce }: Pick<Envelope, "keyId" | "salt" | "nonce">,
  length: number,
): Uint8Array<ArrayBuffer> {
  const record = new Uint8Array(OVERHEAD_BYTES + length);
  record.set(MARK);
  record[MARK.length] = VERSION;
  record.set(encoder.encode(keyId), KEY_ID_AT);
  record.set(salt, SALT_AT);
  record.set(nonce, NONCE_AT);
  return record;
}

/** Checks if bytes claim to be encrypted, in this layout or in a later one. */
export function isMarked(stored: Uint8Array): boolean {
  return stored.length >= MARK.length && MARK.every((byte, index) => stored[index] === byte);
}

/** Takes a marked record apart. */
export function parseRecord(stored: Uint8Array): Envelope {
  if (stored.length < OVERHEAD_BYTES) throw new SessionError("corrupt", "The encrypted session is too short.");
  if (stored[MARK.length] !== VERSION) {
    throw new SessionError("corrupt", "The session is encrypted in a form that this version cannot read.");
  }
  const record = asUnshared(stored);
  return {
    keyId: keyIdOf(record),
    salt: record.subarray(SALT_AT, NONCE_AT),
    nonce: record.subarray(NONCE_AT, HEADER_BYTES),
    header: record.subarray(0, HEADER_BYTES),
    sealed: record.subarray(HEADER_BYTES),
  };
}

/** Checks that an id fits into a header, and is the only one with its bytes. */
export function isKeyId(id: unknown): id is string {
  return typeof id === "string" && keyIdShape.test(id);
}

const keyIdShape = /^[A-Za-z0-9._-]{1,16}$/;

function keyIdOf(record: Uint8Array): string {
  const id = decoder.decode(record.subarray(KEY_ID_AT, SALT_AT)).replace(/\0+$/, "");
  if (!isKeyId(id)) throw new SessionError("corrupt", "The encrypted session names no key.");
  return id;
}

/** Both kinds of data are copies, made by the mechanism of decorators or by a handler, and share no memory. */
export function asUnshared(copy: Uint8Array): Uint8Array<ArrayBuffer> {
  return copy as Uint8Array<ArrayBuffer>;
}
