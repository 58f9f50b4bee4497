/**
 * The SHA-1 of bytes in hexadecimal, as `redis.sha1hex` makes it in a script. The web has it only as something to wait for, and a
 * version is computed when it is looked at. https://www.rfc-editor.org/rfc/rfc3174
 */
export function sha1Hex(bytes: Uint8Array): string {
  const sums = new Int32Array([0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0]);
  const words = new Int32Array(80);
  const whole = bytes.byteLength - (bytes.byteLength % 64);
  addBlocks(sums, words, bytes.subarray(0, whole));
  addBlocks(sums, words, lastBlocks(bytes.subarray(whole), bytes.byteLength));
  return Array.from(sums, (sum) => (sum >>> 0).toString(16).padStart(8, "0")).join("");
}

/** The rest of the bytes, a one, zeros, and the length in bits. */
function lastBlocks(rest: Uint8Array, byteLength: number): Uint8Array {
  const blocks = new Uint8Array(rest.byteLength < 56 ? 64 : 128);
  blocks.set(rest);
  blocks[rest.byteLength] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.byteLength - 8, Math.floor(byteLength / 0x2000_0000));
  view.setUint32(blocks.byteLength - 4, byteLength * 8);
  return blocks;
}

function addBlocks(sums: Int32Array, words: Int32Array, bytes: Uint8Array): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let start = 0; start < bytes.byteLength; start += 64) {
    for (let index = 0; index < 16; index += 1) words[index] = view.getInt32(start + 4 * index);
    addBlock(sums, words);
  }
}

/** One loop for each function of the rounds, and no function around their steps: either would take a multiple of the time. */
function addBlock(sums: Int32Array, words: Int32Array): void {
  for (let i = 16; i < 80; i += 1) {
    words[i] = rotate((words[i - 3] ?? 0) ^ (words[i - 8] ?? 0) ^ (words[i - 14] ?? 0) ^ (words[i - 16] ?? 0), 1);
  }
  let a = sums[0] ?? 0;
  let b = sums[1] ?? 0;
  let c = sums[2] ?? 0;
  let d = sums[3] ?? 0;
  let e = sums[4] ?? 0;
  let sum = 0;
  for (let i = 0; i < 20; i += 1) {
    sum = (rotate(a, 5) + ((b & c) | (~b & d)) + 0x5a827999 + e + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = sum;
  }
  for (let i = 20; i < 40; i += 1) {
    sum = (rotate(a, 5) + (b ^ c ^ d) + 0x6ed9eba1 + e + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = sum;
  }
  for (let i = 40; i < 60; i += 1) {
    sum = (rotate(a, 5) + ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc + e + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = sum;
  }
  for (let i = 60; i < 80; i += 1) {
    sum = (rotate(a, 5) + (b ^ c ^ d) + 0xca62c1d6 + e + (words[i] ?? 0)) | 0;
    e = d;
    d = c;
    c = rotate(b, 30);
    b = a;
    a = sum;
  }
  sums[0] = (sums[0] ?? 0) + a;
  sums[1] = (sums[1] ?? 0) + b;
  sums[2] = (sums[2] ?? 0) + c;
  sums[3] = (sums[3] ?? 0) + d;
  sums[4] = (sums[4] ?? 0) + e;
}

function rotate(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
