/**
 * Returns the SHA-256 of the bytes (FIPS 180-4), synchronously.
 *
 * @remarks
 * Web Crypto is asynchronous: it takes about 20 µs instead of one, and creates a promise that concurrent callers would
 * have to share, although the request that began it may be cancelled.
 *
 * @public
 */
export function sha256(bytes: Uint8Array): Uint8Array {
  const blocks = paddedBlocks(bytes);
  const state = new Int32Array(initialState);
  const words = new Int32Array(16);
  for (let start = 0; start < blocks.byteLength; start += 64) addBlock(state, words, blocks, start);
  const digest = new Uint8Array(32);
  for (let index = 0; index < 32; index += 1) digest[index] = word(state, index >> 2) >> (24 - 8 * (index & 3));
  return digest;
}

/**
 * Returns the bytes padded as SHA-1 and SHA-256 require, in blocks of 64: followed by a one bit, zeros, and their
 * length in bits (FIPS 180-4).
 *
 * @public
 */
export function paddedBlocks(bytes: Uint8Array): DataView {
  const length = 64 * Math.ceil((bytes.byteLength + 9) / 64);
  const blocks = new Uint8Array(length);
  blocks.set(bytes);
  blocks[bytes.byteLength] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(length - 8, bytes.byteLength / 2 ** 29);
  view.setUint32(length - 4, bytes.byteLength * 8);
  return view;
}

/** Adds a block. Each word replaces the one from 16 steps before: a larger array costs more to create than to fill. */
function addBlock(state: Int32Array, words: Int32Array, blocks: DataView, start: number): void {
  let a = word(state, 0);
  let b = word(state, 1);
  let c = word(state, 2);
  let d = word(state, 3);
  let e = word(state, 4);
  let f = word(state, 5);
  let g = word(state, 6);
  let h = word(state, 7);
  for (let step = 0; step < 64; step += 1) {
    const added = step < 16 ? blocks.getInt32(start + 4 * step) : mixed(words, step);
    words[step & 15] = added;
    const large = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const choice = (e & f) ^ (~e & g);
    const sum = (h + large + choice + word(roundConstants, step) + added) | 0;
    const small = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const majority = (a & b) ^ (a & c) ^ (b & c);
    h = g;
    g = f;
    f = e;
    e = (d + sum) | 0;
    d = c;
    c = b;
    b = a;
    a = (sum + small + majority) | 0;
  }
  const after = [a, b, c, d, e, f, g, h];
  for (let index = 0; index < 8; index += 1) state[index] = word(state, index) + (after[index] ?? 0);
}

/** Computes the word of a step from the 16th on, from the words of 16, 15, 7 and 2 steps before. */
function mixed(words: Int32Array, step: number): number {
  const early = word(words, (step + 1) & 15);
  const late = word(words, (step + 14) & 15);
  const small = rotated(early, 7) ^ rotated(early, 18) ^ (early >>> 3);
  const large = rotated(late, 17) ^ rotated(late, 19) ^ (late >>> 10);
  return (word(words, step & 15) + small + word(words, (step + 9) & 15) + large) | 0;
}

function rotated(value: number, bits: number): number {
  return (value >>> bits) | (value << (32 - bits));
}

function word(words: Int32Array, index: number): number {
  return words[index] ?? 0; // never undefined: every index used is in range
}

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const initialState: readonly number[] = [
  0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
];

/** The same for the cube roots of the first 64 primes. */
const roundConstants: Int32Array = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
]);
