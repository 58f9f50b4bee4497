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

const primes: readonly number[] = /* @__PURE__ */ firstPrimes(64);

/** The first 32 bits of the fractional parts of the square roots of the first 8 primes. */
const initialState: readonly number[] = /* @__PURE__ */ primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));

/** The same for the cube roots of the first 64 primes. */
const roundConstants: Int32Array = /* @__PURE__ */ Int32Array.from(primes, (prime) => fraction(Math.cbrt(prime)));

function firstPrimes(count: number): number[] {
  const found: number[] = [];
  for (let candidate = 2; found.length < count; candidate += 1) {
    if (found.every((prime) => candidate % prime > 0)) found.push(candidate);
  }
  return found;
}

function fraction(root: number): number {
  return ((root % 1) * 2 ** 32) | 0;
}
