import type { PhpKey, PhpString } from "./nodes.ts";

const INTEGER = /^(?:0|-?[1-9][0-9]{0,18})$/;

/** Returns a key as PHP arrays have it: an integer if it is the decimal form of one within 64 bits. */
export function arrayKey(key: PhpString): PhpKey {
  return typeof key === "string" && mayBeInteger(key) && INTEGER.test(key) ? integerKey(key) : key;
}

function mayBeInteger(key: string): boolean {
  const first = key.charCodeAt(0);
  return (first >= 0x30 && first <= 0x39) || first === 0x2d;
}

function integerKey(key: string): PhpKey {
  const number = Number(key);
  if (Number.isSafeInteger(number)) return number;
  const integer = BigInt(key);
  return BigInt.asIntN(64, integer) === integer ? integer : key;
}

/** Returns a primitive value that identifies a key, also one that is not text. */
export function keyIdentity(key: PhpKey): Exclude<PhpKey, Uint8Array> {
  // No text of PHP has half of a surrogate pair.
  return typeof key === "object" ? `\ud800${key.join()}` : key;
}
