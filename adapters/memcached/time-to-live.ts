/** Maximum relative time to live, in seconds. Memcached reads larger values as a date, in seconds since 1970. */
const mostRelativeSeconds = 2_592_000;

/** The last date that Memcached can represent, in the year 2106. */
const lastDate = 2 ** 32 - 1;

/**
 * Seconds added so that no session ends early. Memcached's clock ticks once a second and lags up to two seconds behind,
 * by a varying amount. It is up to one second ahead of the date, because it counts from the whole second in which the
 * server started.
 */
const tickSeconds = 2;

/** Returns a time to live as Memcached reads it. It is never 0, which would mean forever. */
export function expirationOf(ttlSeconds: number, nowMs: number): number {
  const seconds = ttlSeconds + tickSeconds;
  if (seconds <= mostRelativeSeconds) return seconds;
  return Math.min(Math.floor(nowMs / 1000) + seconds, lastDate);
}
