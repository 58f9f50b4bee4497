/** Up to here Memcached counts from now on; what is above, it takes for a date, in seconds since 1970. */
const mostRelativeSeconds = 2_592_000;

/** The last date that it can be told, in the year 2106. */
const lastDate = 2 ** 32 - 1;

/**
 * Memcached's clock ticks once a second and is up to two seconds behind, more or less so as time goes on: so much is added for
 * no session to end early. It is up to one ahead of the date, as it counts from the whole second in which the server started.
 */
const tickSeconds = 2;

/** A time to live as Memcached takes it. Never 0, which would be for ever. */
export function expirationOf(ttlSeconds: number, nowMs: number): number {
  const seconds = ttlSeconds + tickSeconds;
  if (seconds <= mostRelativeSeconds) return seconds;
  return Math.min(Math.floor(nowMs / 1000) + seconds, lastDate);
}
