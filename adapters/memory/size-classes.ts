/** Size classes up to 256 bytes are 16 bytes apart. */
const LOG_FINE = 8;
/** Above that, each doubling of the size has 16 classes. */
const LOG_STEPS = 4;
const STEPS = 1 << LOG_STEPS;

/**
 * Returns the number of the smallest size class whose cells hold this many bytes, up to 2^30. A record of more than 256
 * bytes leaves at most 6 % of its cell unused.
 */
export function sizeClassOf(bytes: number): number {
  const log = Math.max(LOG_FINE, 31 - Math.clz32(bytes - 1));
  const stepsOfLog = (bytes - 1) >>> (log - LOG_STEPS); // 16 to 31, or less for up to 256 bytes
  return (log - LOG_FINE) * STEPS + stepsOfLog + 1;
}

export function bytesOfClass(sizeClass: number): number {
  const log = LOG_FINE + Math.max(0, ((sizeClass - 1) >>> LOG_STEPS) - 1);
  return (sizeClass - (log - LOG_FINE) * STEPS) << (log - LOG_STEPS);
}
