/**
 * Returns the time in a header `Retry-After` in milliseconds: a number of seconds, or a date (RFC 9110, section
 * 10.2.3). `undefined` if there is none, or something else.
 */
export function readRetryAfter(text: string | null, now: number): number | undefined {
  if (text === null) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) ? Math.max(0, ms) : undefined;
}
