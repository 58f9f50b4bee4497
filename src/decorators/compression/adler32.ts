/** The largest prime below 2^16. */
const MODULUS = 65_521;

/** The number of bytes after which the sums are reduced. They stay below 2^30, which engines add up fastest. */
const REDUCE_AFTER = 2048;

/** Computes the checksum of the zlib format (RFC 1950, section 8.2). */
export function adler32(data: Uint8Array): number {
  let sum = 1;
  let sumOfSums = 0;
  for (let start = 0; start < data.length; start += REDUCE_AFTER) {
    for (const byte of data.subarray(start, start + REDUCE_AFTER)) {
      sum += byte;
      sumOfSums += sum;
    }
    sum %= MODULUS;
    sumOfSums %= MODULUS;
  }
  return sumOfSums * 2 ** 16 + sum;
}
