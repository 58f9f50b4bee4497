/** Cells of up to 256 bytes differ by 16 bytes. */
const LOG_FINE = 8;
/** Each doubling of the size behind these has 16 classes. */
const LOG_STEPS = 4;
const STEPS = 1 << LOG_STEPS;

/**
 * The number of the smallest size class whose cells have room for so many bytes, up to 2^30. A record of more than 256 bytes
 * leaves 6 % of its cell unused at most.
 */
export function sizeClassOf(bytes: number): number {
  const log = Math.max(LOG_FINE, 31 - Math.clz32(bytes - 1));
  const stepsOfLog = (bytes - 1) >>> (log - LOG_STEPS); // 16 to 31, or fewer up to 256 bytes
  return (log - LOG_FINE) * STEPS + stepsOfLog + 1;
}

export function bytesOfClass(sizeClass: number): number {
  const log = LOG_FINE + Math.max(0, ((sizeClass - 1) >>> LOG_STEPS) - 1);
  return (sizeClass - (log - LOG_FINE) * STEPS) << (log - LOG_STEPS);
}
