/**
 * The kind of failure, for programs to switch on.
 *
 * - `unavailable`: the store could not be reached, or is not ready to serve (starting, failing over).
 * - `timeout`: there was no answer within the deadline.
 * - `aborted`: the caller's `signal` was aborted; its reason is the `cause`.
 * - `closed`: the handler has been closed.
 * - `conflict`: the session kept changing while the caller retried; or, with outcome `unknown`, it can no longer be
 *   determined whether an earlier save was applied.
 * - `gone`: the session was destroyed or has expired.
 * - `invalid-id`: the id is not a string of 1 to 1024 UTF-16 units without unpaired surrogates, or not one that the
 *   format or a cookie allows.
 * - `too-large`: the data exceeds the handler's `maxBytes`.
 * - `too-many`: the user has reached the maximum number of sessions.
 * - `read-only`: the server that answered is a replica and accepts no writes, or the session was opened by an id in its
 *   grace period.
 * - `overloaded`: the server is up but refuses for now (out of memory, busy with a script, cannot persist, too many
 *   connections).
 * - `unauthorized`: the server rejects the credentials.
 * - `corrupt`: this package cannot read what is stored under the id.
 * - `key-missing`: what is stored under the id is encrypted with a key that the handler does not have.
 * - `invalid`: the schema of the session manager does not allow the attributes.
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
  | "key-missing"
  | "invalid"
  | "failed";

/**
 * The outcome of a rejected write, touch or destroy: `"not-applied"` is certain; `"unknown"` means that it may have
 * taken effect, or may still do so.
 *
 * @public
 */
export type Outcome = "not-applied" | "unknown";

/**
 * The options of {@link SessionError}.
 *
 * @public
 */
export interface SessionErrorOptions {
  /** The cause of the error. It must not contain a session id, session data or a secret: see {@link safeCause}. */
  readonly cause?: unknown;
  /** Set for write, touch and destroy; absent where nothing could have been applied anyway. */
  readonly outcome?: Outcome | undefined;
  /** The time after which the store asks to be called again, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

const brand = Symbol.for("sessionwire.SessionError");

/**
 * The one error class of this package, for every failure of a store, its client or the network. Invalid arguments throw
 * `RangeError` and `TypeError` instead.
 *
 * @remarks
 * Neither the message nor the chain of causes contains a session id, session data or a secret, so the error is safe to
 * log as it is.
 *
 * @public
 */
export class SessionError extends Error {
  /** Always `"SessionError"`. */
  override readonly name = "SessionError";
  /** The kind of failure. */
  readonly code: SessionErrorCode;
  /** The outcome of a write, touch or destroy. It has no meaning for other calls. */
  readonly outcome: Outcome | undefined;
  /** The time after which the store asks to be called again, in milliseconds, if it does. */
  declare readonly retryAfterMs?: number;

  constructor(code: SessionErrorCode, message: string, options: SessionErrorOptions = {}) {
    super(message, "cause" in options ? { cause: options.cause } : undefined);
    this.code = code;
    this.outcome = options.outcome;
    if (options.retryAfterMs !== undefined) this.retryAfterMs = options.retryAfterMs;
    Object.defineProperty(this, brand, { value: true });
  }

  /** Omits the cause and the stack. */
  toJSON(): { name: string; code: SessionErrorCode; message: string; outcome?: Outcome } {
    const { name, code, message, outcome } = this;
    return outcome === undefined ? { name, code, message } : { name, code, message, outcome };
  }
}

/**
 * Checks if `value` is a {@link SessionError}, from this or another copy of the package.
 *
 * @public
 */
export function isSessionError(value: unknown): value is SessionError {
  return typeof value === "object" && value !== null && brand in value;
}

/**
 * Returns the error itself if it has this outcome; otherwise a copy of the same class with the outcome, the same stack
 * and the same cause. It is copied because others may hold the error and need another outcome.
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
    stack: { ...attributes, value: error.stack }, // a copied getter would only know its own error
  });
}

/** Wraps an error once. Errors of this package and invalid arguments pass unchanged. */
export function wrapForeignError(error: unknown, name: string, outcome: Outcome | undefined): unknown {
  if (isSessionError(error) || error instanceof RangeError || error instanceof TypeError) return error;
  return new SessionError("failed", `${name} failed in an unexpected way.`, { cause: error, outcome });
}

/** Sets the outcome of an error that has none. */
export function fillInOutcome(error: unknown, outcome: Outcome): unknown {
  return isSessionError(error) && error.outcome === undefined ? errorWithOutcome(error, outcome) : error;
}

/** Sets the outcome of an error even if it has one: it describes one step, and the whole ended otherwise. */
export function replaceOutcome(error: unknown, outcome: Outcome): unknown {
  return isSessionError(error) ? errorWithOutcome(error, outcome) : error;
}
