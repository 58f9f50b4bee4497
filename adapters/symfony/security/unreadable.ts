import { SessionError } from "sessionwire";

/** Creates the error for a token of an unknown form. It contains nothing of the token. */
export function unreadable(): SessionError {
  return new SessionError("corrupt", "The security token in the session has an unknown form.");
}
