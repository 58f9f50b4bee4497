import { isSessionError, type SessionError } from "sessionwire";

/** What a person is told of a wish that failed: what certainly did not happen, or what may have. */
export interface WishSentences {
  readonly notDone: string;
  readonly unknown: string;
}

/** A sentence on why and one on what became of it. What is no error of the store is a mistake in this program, and thrown on. */
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
      return "The session store does not answer.";
    case "overloaded":
    case "conflict":
      return "The session store is busy.";
    default:
      return "The session store has failed.";
  }
}
