import { paddedBlocks } from "sessionwire/backend";

/**
 * Returns the SHA-1 of bytes in hexadecimal, as `redis.sha1hex` does in a script. The web offers it only
 * asynchronously, while a version is computed when it is read. https://www.rfc-editor.org/rfc/rfc3174
 */
export function sha1Hex(bytes: Uint8Array): string {
  const blocks = paddedBlocks(bytes);
  const sums = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(16);
  for (let start = 0; start < blocks.byteLength; start += 64) addBlock(sums, words, blocks, start);
  let text = "";
  for (const sum of sums) text += (sum >>> 0).toString(16).padStart(8, "0");
  return text;
}

/**
 * Each word replaces the one of 16 steps before. This is one loop, because calling a function for each step would take
 * several times as long.
 */
function addBlock(sums: Int32Array, words: Int32Array, blocks: DataView, start: number): void {
  let a = sums[0] ?? 0;
  let b = sums[1] ?? 0;
  let c = sums[2] ?? 0;
  let d = sums[3] ?? 0;
  let e = sums[4] ?? 0;
  for (let step = 0; step < 80; step += 1) {
    const word = step < 16 ? blocks.getInt32(start + 4 * step) : mixed(words, step);
    words[step & 15] = word;
    const sum = (rotated(a, 5) + choice(step, b, c, d) + e + word) | 0;
    e = d;
    d = c;
    c = rotated(b, 30);
    b = a;
    a = sum;
  }
  sums[0] = (sums[0] ?? 0) + a;
  sums[1] = (sums[1] ?? 0) + b;
  sums[2] = (sums[2] ?? 0) + c;
  sums[3] = (sums[3] ?? 0) + d;
  sums[4] = (sums[4] ?? 0) + e;
}

/** Returns the value of the function of a step, plus the constant of that step. */
function choice(step: number, b: number, c: number, d: number): number {
  if (step < 20) return (((b & c) | (~b & d)) + 0x5a827999) | 0;
  if (step < 40) return ((b ^ c ^ d) + 0x6ed9eba1) | 0;
  if (step < 60) return (((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc) | 0;
  return ((b ^ c ^ d) + 0xca62c1d6) | 0;
}

/** Returns the word of a step from the 16th on, computed from those 16, 14, 8 and 3 steps before. */
function mixed(words: Int32Array, step: number): number {
  return rotated(at(words, step) ^ at(words, step + 2) ^ at(words, step + 8) ^ at(words, step + 13), 1);
}

function at(words: Int32Array, step: number): number {
  return words[step & 15] ?? 0;
}

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
