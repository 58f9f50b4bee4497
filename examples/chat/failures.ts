import { isSessionError, type SessionError } from "sessionwire";

/** The consequence of a failed wish: what certainly did not happen, or what may have happened. */
export interface WishSentences {
  readonly notDone: string;
  readonly unknown: string;
}

/**
 * Returns a sentence about the cause and one about the consequence. Any error that is not from the store is a bug in
 * this program, and is thrown again.
 */
export function tellFailure(error: unknown, { notDone, unknown }: WishSentences): string {
  if (!isSessionError(error)) throw error;
  return `${causeOf(error)} ${error.outcome === "unknown" ? unknown : notDone}`;
}

export function causeOf({ code }: SessionError): string {
  switch (code) {
    case "gone":
      return "The session has ended.";
    case "unavailable":
    case "timeout":
    case "closed":
      return "The session store is not answering.";
    case "overloaded":
    case "conflict":
      return "The session store is busy.";
    default:
      return "The session store has failed.";
  }
}
