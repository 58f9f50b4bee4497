import { SessionError } from "../errors.ts";

/** The reasons for which a socket ends: what its signal aborts with. */

export function goneError(): SessionError {
  return new SessionError("gone", "The session has ended.", { outcome: "not-applied" });
}

export function closingError(): SessionError {
  return new SessionError("closed", "The server is ending.", { outcome: "not-applied" });
}

export function closedError(): SessionError {
  return new SessionError("closed", "The socket is closed.", { outcome: "not-applied" });
}

export function staleError(): SessionError {
  return new SessionError("unavailable", "The store has not answered for the session for too long.");
}

export function lateError(): SessionError {
  return new SessionError("closed", "The handshake has taken too long.", { outcome: "not-applied" });
}

export function silentError(): SessionError {
  return new SessionError("closed", "Nothing was heard of the peer for too long.", { outcome: "not-applied" });
}

export function tooFastError(): SessionError {
  return new SessionError("closed", "Messages came in too fast.", { outcome: "not-applied" });
}
