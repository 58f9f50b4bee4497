/**
 * Returns a function that computes the HalfSipHash-1-3 of a text, in 31 bits, keyed with a secret, so that nobody can
 * choose keys that collide. Rounds and constants match the reference implementation (https://github.com/veorq/SipHash);
 * a word holds two UTF-16 units.
 */
export function createHash(secret: Uint32Array = crypto.getRandomValues(new Uint32Array(2))): (text: string) => number {
  const [k0 = 0, k1 = 0] = secret;
  return (text) => hashOf(text, k0, k1);
}

function hashOf(text: string, k0: number, k1: number): number {
  let v0 = k0;
  let v1 = k1;
  let v2 = k0 ^ 0x6c796765;
  let v3 = k1 ^ 0x74656462;
  const words = text.length >>> 1;
  // The last word holds the length and the remaining unit; the first round after the other words belongs to it.
  const last = ((2 * text.length) << 24) | (text.length & 1 ? text.charCodeAt(text.length - 1) : 0);
  for (let round = 0; round <= words + 3; round += 1) {
    const word = round < words ? text.charCodeAt(2 * round) | (text.charCodeAt(2 * round + 1) << 16) : last;
    if (round <= words) v3 ^= word;
    v0 = (v0 + v1) | 0;
    v1 = ((v1 << 5) | (v1 >>> 27)) ^ v0;
    v0 = (v0 << 16) | (v0 >>> 16);
    v2 = (v2 + v3) | 0;
    v3 = ((v3 << 8) | (v3 >>> 24)) ^ v2;
    v0 = (v0 + v3) | 0;
    v3 = ((v3 << 7) | (v3 >>> 25)) ^ v0;
    v2 = (v2 + v1) | 0;
    v1 = ((v1 << 13) | (v1 >>> 19)) ^ v2;
    v2 = (v2 << 16) | (v2 >>> 16);
    if (round <= words) v0 ^= word;
    if (round === words) v2 ^= 0xff;
  }
  return (v1 ^ v3) >>> 1;
}
