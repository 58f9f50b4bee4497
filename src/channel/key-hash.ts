import { toBase64Url } from "../base64.ts";
import { sha256 } from "../formats/sha256.ts";
import { encoder } from "../utf8.ts";

/** Names sessions so that only code that knows their keys recognises them. */
export type KeyHash = (key: string) => string;

/** The HMAC key if none is given: then the hash only obscures the key. */
const PUBLIC_SECRET = "sessionwire";

/** The block size of SHA-256, in bytes. */
const BLOCK = 64;

/**
 * Creates the function that returns the HMAC-SHA-256 (RFC 2104) of a key in base64url. A key has at least 128 random
 * bits, so the hash cannot be reversed.
 */
export function createKeyHash(secret: string | Uint8Array = PUBLIC_SECRET): KeyHash {
  let pads: readonly [inner: Uint8Array, outer: Uint8Array] | undefined; // created on demand
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
