/** The checks of the channels and of the store, shorter than by default: what takes 24 s there takes 1.6 s. */
export const checks = { everySeconds: 0.3, pingTimeoutMs: 300, reconnectTimeoutMs: 1000 } as const;
/** The deadline of an operation. */
export const LOOK_TIMEOUT_MS = 1000;

/** A subscription that is deaf is found out by a check, and in force again on another connection. */
const HEARING_AGAIN_MS = checks.everySeconds * 1000 + checks.pingTimeoutMs + checks.reconnectTimeoutMs;
/** After a gap, sessions are looked at over a second; one whose look has failed, a second later. */
const LOOKED_AT_MS = 1000 + checks.pingTimeoutMs + checks.reconnectTimeoutMs + LOOK_TIMEOUT_MS + 1000;

/** The time within which a socket closes after its session has ended elsewhere, if the store answers then. */
export const CLOSED_WITHIN_MS: number = HEARING_AGAIN_MS + LOOKED_AT_MS;
