/**
 * The codes with which sockets are closed here. Those above 4000 are for private use. (RFC 6455, 7.4.2)
 *
 * @public
 */
export const closeCodes: {
  /** The session has ended: signed out, expired or destroyed. */
  readonly ended: 1008;
  /** The server is ending. */
  readonly closing: 1001;
  /** The store has not answered for the session for too long. */
  readonly unavailable: 1013;
  /** The session was given another id in another process; its browser gets that as a cookie. */
  readonly moved: 4301;
  /** Nothing has come in for too long. The peer hears of it only if it is there after all. */
  readonly silent: 4408;
  /** Messages have come in faster than `maxMessagesPerMinute`, or than they were handled on a socket that cannot be paused. */
  readonly tooFast: 4429;
} = { ended: 1008, closing: 1001, unavailable: 1013, moved: 4301, silent: 4408, tooFast: 4429 };

/**
 * Tells whether a page should connect again after its socket was closed with a code: after a pause that grows with each attempt and has
 * some chance in it. The pause also lets the response come in whose cookie has the new id of a session that has moved. `false`: the same
 * would happen again, until somebody signs in or mends the page.
 *
 * @public
 */
export function shouldReconnect(code: number): boolean {
  return !neverAgain.has(code);
}

/** Ended by whoever closed it on purpose, or because of what the page sends. (RFC 6455, 7.4.1) */
const neverAgain: ReadonlySet<number> = new Set([1000, 1002, 1003, 1007, closeCodes.ended, 1009, 1010]);
