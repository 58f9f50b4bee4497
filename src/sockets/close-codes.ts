/**
 * The codes with which sockets are closed. Codes from 4000 on are for private use. (RFC 6455, 7.4.2)
 *
 * @public
 */
export const closeCodes: {
  /** The session has ended: it was signed out, has expired or was destroyed. */
  readonly ended: 1008;
  /** The server is shutting down. */
  readonly closing: 1001;
  /** The store has not confirmed the session for too long. */
  readonly unavailable: 1013;
  /** The session was given another id in another process; its browser receives the id as a cookie. */
  readonly moved: 4301;
  /** Nothing was received for too long. The peer only learns of it if it is there after all. */
  readonly silent: 4408;
  /**
   * Messages came in faster than `maxMessagesPerMinute`, or faster than they were handled on a socket that cannot be
   * paused.
   */
  readonly tooFast: 4429;
} = { ended: 1008, closing: 1001, unavailable: 1013, moved: 4301, silent: 4408, tooFast: 4429 };

/**
 * Returns `true` if a page should connect again after its socket was closed with this code, after a randomised pause
 * that grows with each attempt. The pause also gives time for the response whose cookie has the new id of a moved
 * session. `false`: the same would happen again, until the user signs in or the page is fixed.
 *
 * @public
 */
export function shouldReconnect(code: number): boolean {
  return !neverAgain.has(code);
}

/** Closed on purpose, or because of what the page sent. (RFC 6455, 7.4.1) */
const neverAgain: ReadonlySet<number> = new Set([1000, 1002, 1003, 1007, closeCodes.ended, 1009, 1010]);
