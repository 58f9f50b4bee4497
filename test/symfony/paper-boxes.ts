import { createHash, timingSafeEqual } from "node:crypto";
import type { SodiumBoxes } from "sessionwire/symfony";

/** Boxes that anybody can open who knows the public key, with the lengths and failures of those of libsodium. */
export const paperBoxes: SodiumBoxes = {
  crypto_box_seal(message, publicKey) {
    const nonce = crypto.getRandomValues(new Uint8Array(32));
    const box = masked(message, nonce, publicKey);
    return new Uint8Array(Buffer.concat([nonce, tagOf(message, nonce, publicKey), box]));
  },
  crypto_box_seal_open(sealed, publicKey, privateKey) {
    const [nonce, tag] = [sealed.subarray(0, 32), sealed.subarray(32, 48)];
    const message = masked(sealed.subarray(48), nonce, publicKey);
    const isTheirs = publicKey.every((byte, index) => byte === ~(privateKey[index] ?? 0) + 256);
    if (isTheirs && timingSafeEqual(tag, tagOf(message, nonce, publicKey))) return message;
    throw new Error("incorrect key pair for the given ciphertext");
  },
};

/** A pair of keys, private first, of which the public one is the complement. */
export function keyPairNamed(name: string): Uint8Array {
  const key = createHash("sha256").update(name).digest();
  return new Uint8Array(Buffer.concat([key, key.map((byte) => ~byte)]));
}

function tagOf(message: Uint8Array, nonce: Uint8Array, publicKey: Uint8Array): Uint8Array {
  return createHash("md5").update(nonce).update(publicKey).update(message).digest();
}

function masked(bytes: Uint8Array, nonce: Uint8Array, publicKey: Uint8Array): Uint8Array {
  const mask = createHash("sha512").update(nonce).update(publicKey).digest();
  return bytes.map((byte, index) => byte ^ (mask[index % mask.length] ?? 0));
}
