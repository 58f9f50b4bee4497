import { fillInOutcome, isSessionError, type Outcome, SessionError } from "../errors.ts";

export function hasUnknownOutcome(error: unknown): error is SessionError {
  return isSessionError(error) && error.outcome === "unknown";
}

/** Checks if a stored session cannot be read, however often it is asked for: by a decorator, its format or the schema. */
export function isUnreadable(error: unknown): boolean {
  return isSessionError(error) && codesOfUnreadable.includes(error.code);
}

const codesOfUnreadable: readonly string[] = ["corrupt", "key-missing", "invalid"];

export function isGone(error: unknown): boolean {
  return isSessionError(error) && error.code === "gone";
}

/** Checks if the connection was lost and may be replaced: after a timeout, a second read would take another deadline. */
export function isLostConnection({ code }: SessionError): boolean {
  return code !== "timeout" && code !== "aborted" && code !== "closed";
}

/**
 * Checks if the data is to blame: it is too large, has no room in the list of a user, or does not suit the format or the
 * schema. Of several changes, one may be the cause.
 */
export function isOfData(error: unknown): boolean {
  return !isSessionError(error) || codesOfData.includes(error.code);
}

const codesOfData: readonly string[] = ["too-large", "too-many", "invalid"];

/** A session found to be too large before the store was asked, which would find the same. */
export class OversizeError extends SessionError {
  constructor(bytes: number, maxBytes: number) {
    super("too-large", `The session has ${bytes} bytes; at most ${maxBytes} are allowed.`, { outcome: "not-applied" });
  }
}

export function goneError(outcome: Outcome = "not-applied"): SessionError {
  return new SessionError("gone", "The session does not exist (any more).", { outcome });
}

export function tooManyConflicts(conflicts: number): SessionError {
  return new SessionError("conflict", `The session was changed by others ${conflicts} times in a row.`, {
    outcome: "not-applied",
  });
}

export function tooManySessions(): SessionError {
  return new SessionError("too-many", "The user has the maximum number of sessions.", {
    outcome: "not-applied",
  });
}

/** It can no longer be determined whether an earlier attempt was applied. */
export function undecidable(): SessionError {
  return new SessionError("conflict", "It can no longer be determined whether an earlier save was applied.", {
    outcome: "unknown",
  });
}

/** Sets the outcome `unknown` for a change whose handler reports none. */
export function unknownUnlessSaid(error: unknown): never {
  throw fillInOutcome(error, "unknown");
}
