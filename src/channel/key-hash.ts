import { toBase64Url } from "../base64.ts";
import { sha256 } from "../formats/sha256.ts";

/** Names sessions to those who know their keys, and to nobody else. */
export type KeyHash = (key: string) => string;

/** The key of the HMAC where nobody has given one: then the hash only hides. */
const PUBLIC_SECRET = "sessionwire";

/** The block of SHA-256, in bytes. */
const BLOCK = 64;

/**
 * Makes the function that gives the HMAC-SHA-256 (RFC 2104) of a key in base64url. A key has 128 random bits at least, so that the hash
 * leads back to none.
 */
export function createKeyHash(secret: string | Uint8Array = PUBLIC_SECRET): KeyHash {
  const encoder = new TextEncoder();
  let pads: readonly [inner: Uint8Array, outer: Uint8Array] | undefined; // made when they are needed
  return (key) => {
    pads ??= padsOf(typeof secret === "string" ? encoder.encode(secret) : secret);
    const [inner, outer] = pads;
    return toBase64Url(sha256(joined(outer, sha256(joined(inner, encoder.encode(key))))));
  };
}

function padsOf(secret: Uint8Array): readonly [Uint8Array, Uint8Array] {
  const block = new Uint8Array(BLOCK);
  block.set(secret.byteLength > BLOCK ? sha256(secret) : secret);
  return [block.map((byte) => byte ^ 0x36), block.map((byte) => byte ^ 0x5c)];
}

function joined(first: Uint8Array, second: Uint8Array): Uint8Array {
  const both = new Uint8Array(first.byteLength + second.byteLength);
  both.set(first);
  both.set(second, first.byteLength);
  return both;
}
