import { SessionError } from "../errors.ts";

/** The errors with which the signal of a socket aborts. */

export function goneError(): SessionError {
  return new SessionError("gone", "The session has ended.", { outcome: "not-applied" });
}

export function closingError(): SessionError {
  return new SessionError("closed", "The server is shutting down.", { outcome: "not-applied" });
}

export function closedError(): SessionError {
  return new SessionError("closed", "The socket is closed.", { outcome: "not-applied" });
}

export function staleError(): SessionError {
  return new SessionError("unavailable", "The store has not confirmed the session for too long.");
}

export function lateError(): SessionError {
  return new SessionError("closed", "The handshake took too long.", { outcome: "not-applied" });
}

export function silentError(): SessionError {
  return new SessionError("closed", "The peer was silent for too long.", { outcome: "not-applied" });
}

export function tooFastError(): SessionError {
  return new SessionError("closed", "Messages arrived too fast.", { outcome: "not-applied" });
}
