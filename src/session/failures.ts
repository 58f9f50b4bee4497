import { fillInOutcome, isSessionError, type Outcome, SessionError } from "../errors.ts";

export function isInDoubt(error: unknown): error is SessionError {
  return isSessionError(error) && error.outcome === "unknown";
}

export function isCorrupt(error: unknown): boolean {
  return isSessionError(error) && error.code === "corrupt";
}

export function isGone(error: unknown): boolean {
  return isSessionError(error) && error.code === "gone";
}

/** And may be made anew: where a store does not answer at all, a second look would take another deadline. */
export function isLostConnection({ code }: SessionError): boolean {
  return code !== "timeout" && code !== "aborted" && code !== "closed";
}

/** Too large, one session too many, or something that the format cannot carry: of several changes, one may be to blame. */
export function isOfData(error: unknown): boolean {
  return !isSessionError(error) || error.code === "too-large" || error.code === "too-many";
}

/** A session that was found to be too large before the store was asked, which will find the same again. */
export class OversizeError extends SessionError {
  constructor(bytes: number, maxBytes: number) {
    super("too-large", `The session has ${bytes} bytes; at most ${maxBytes} are allowed.`, { outcome: "not-applied" });
  }
}

export function goneError(outcome: Outcome = "not-applied"): SessionError {
  return new SessionError("gone", "There is no such session (any more).", { outcome });
}

export function tooManyConflicts(conflicts: number): SessionError {
  return new SessionError("conflict", `The session was changed by somebody else ${conflicts} times in a row.`, {
    outcome: "not-applied",
  });
}

export function tooManySessions(): SessionError {
  return new SessionError("too-many", "The user has as many sessions as there may be.", { outcome: "not-applied" });
}

/** It can no longer be determined whether an earlier attempt was applied. */
export function undecidable(): SessionError {
  return new SessionError("conflict", "Nobody can tell any more whether an earlier save has been applied.", {
    outcome: "unknown",
  });
}

/** A handler should say what became of a change. Where it does not, nobody knows. */
export function unknownUnlessSaid(error: unknown): never {
  throw fillInOutcome(error, "unknown");
}
