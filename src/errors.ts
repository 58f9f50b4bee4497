/**
 * What went wrong, to switch on.
 *
 * - `unavailable`: the store could not be reached, or is not ready to serve (starting, failing over).
 * - `timeout`: there was no answer within the deadline.
 * - `aborted`: the caller's `signal` was aborted; its reason is the `cause`.
 * - `closed`: the handler has been closed.
 * - `conflict`: the session kept changing under a caller that tried again and again; or, with outcome `unknown`, nobody can tell
 *   any more whether an earlier save was applied.
 * - `gone`: the session was destroyed or has expired.
 * - `invalid-id`: the id is not a string of 1 to 1024 UTF-16 units without unpaired surrogates; or not one that the format, or a
 *   cookie, can have.
 * - `too-large`: the data is over the handler's `maxBytes`.
 * - `too-many`: the user has as many sessions as there may be.
 * - `read-only`: the server that answered is a replica and takes no writes; or the session was opened by an id in its grace time.
 * - `overloaded`: the server is up but refuses for now (out of memory, busy with a script, cannot persist, too many connections).
 * - `unauthorized`: the server refuses the credentials.
 * - `corrupt`: what is stored under the id is not something this package can read.
 * - `failed`: the store or its client failed in a way that has no code of its own; see the `cause`.
 *
 * @public
 */
export type SessionErrorCode =
  | "unavailable"
  | "timeout"
  | "aborted"
  | "closed"
  | "conflict"
  | "gone"
  | "invalid-id"
  | "too-large"
  | "too-many"
  | "read-only"
  | "overloaded"
  | "unauthorized"
  | "corrupt"
  | "failed";

/**
 * What became of a write, touch or destroy that was rejected: `"not-applied"` is certain, `"unknown"` means that it
 * may have taken effect, or may still do so.
 *
 * @public
 */
export type Outcome = "not-applied" | "unknown";

/**
 * What a {@link SessionError} is made with, besides its code and message.
 *
 * @public
 */
export interface SessionErrorOptions {
  /** What caused the error. It must not contain a session id, session data or a secret: see {@link safeCause}. */
  readonly cause?: unknown;
  /** Set for write, touch and destroy; absent where nothing could have been applied anyway. */
  readonly outcome?: Outcome | undefined;
}

const brand = Symbol.for("sessionwire.SessionError");

/**
 * The one error of this package: everything that a store, its client or the network can do to an operation.
 * Wrong arguments of the program itself are `RangeError` and `TypeError`.
 *
 * @remarks
 * Neither the message nor the chain of causes contains a session id, session data or a secret, so that an error can be
 * logged as it is.
 *
 * @public
 */
export class SessionError extends Error {
  /** Always `"SessionError"`. */
  override readonly name = "SessionError";
  /** What went wrong. */
  readonly code: SessionErrorCode;
  /** For write, touch and destroy: what became of the operation. On other calls it has no meaning. */
  readonly outcome: Outcome | undefined;

  constructor(code: SessionErrorCode, message: string, options: SessionErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.outcome = options.outcome;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Leaves out the cause and the stack. */
  toJSON(): { name: string; code: SessionErrorCode; message: string; outcome?: Outcome } {
    const { name, code, message, outcome } = this;
    return outcome === undefined ? { name, code, message } : { name, code, message, outcome };
  }
}

/**
 * Tells whether `value` is a {@link SessionError}, of this or of another copy of the package.
 *
 * @public
 */
export function isSessionError(value: unknown): value is SessionError {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * The error with this outcome: the error itself if it has it, else a copy of the same class, with the same stack and cause. Others
 * may hold the error and need another outcome.
 *
 * @public
 */
export function errorWithOutcome(error: SessionError, outcome: Outcome): SessionError {
  if (error.outcome === outcome) return error;
  const copy: SessionError = Object.setPrototypeOf(new Error(error.message), Object.getPrototypeOf(error));
  const attributes = { configurable: true, writable: true };
  return Object.defineProperties(copy, {
    ...Object.getOwnPropertyDescriptors(error),
    outcome: { ...attributes, enumerable: true, value: outcome },
    stack: { ...attributes, value: error.stack }, // where it is a getter, it knows its own error only
  });
}

/** Errors of the package and wrong arguments pass as they are; anything else is wrapped, once. */
export function wrapForeignError(error: unknown, name: string, outcome: Outcome | undefined): unknown {
  if (isSessionError(error) || error instanceof RangeError || error instanceof TypeError) return error;
  return new SessionError("failed", `${name} failed in an unexpected way.`, { cause: error, outcome });
}

/** The error with this outcome, if it says none itself. */
export function fillInOutcome(error: unknown, outcome: Outcome): unknown {
  return isSessionError(error) && error.outcome === undefined ? errorWithOutcome(error, outcome) : error;
}

/** The error with this outcome, whatever it says itself: of a part, of which the whole came to something else. */
export function replaceOutcome(error: unknown, outcome: Outcome): unknown {
  return isSessionError(error) ? errorWithOutcome(error, outcome) : error;
}
