import { decoder, encoder } from "./utf8.ts";
/** Encodes bytes as base64 in the standard alphabet, without padding (RFC 4648, sections 3.2 and 4). */
export function toBase64(bytes: Uint8Array): string {
  return write(bytes, standard);
}

/**
 * Encodes bytes as base64url, the alphabet that is safe in URLs and cookies, without padding (RFC 4648, section 5).
 *
 * @public
 */
export function toBase64Url(bytes: Uint8Array): string {
  return write(bytes, safe);
}

/** Collects the characters as bytes first: appending to a string one character at a time takes several times as long. */
function write(bytes: Uint8Array, alphabet: Uint8Array): string {
  const characters = new Uint8Array(Math.ceil((bytes.length * 4) / 3));
  for (let index = 0; index < characters.length; index += 1) {
    const bit = index * 6;
    const pair = ((bytes[bit >> 3] ?? 0) << 8) | (bytes[(bit >> 3) + 1] ?? 0);
    characters[index] = alphabet[(pair >> (10 - (bit & 7))) & 63] ?? 0; // never undefined: the alphabet has 64 characters
  }
  return decoder.decode(characters);
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
const standard = encoder.encode(`${alphanumeric}+/`);
const safe = encoder.encode(`${alphanumeric}-_`);
