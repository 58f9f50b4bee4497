import { type Outcome, SessionError } from "../errors.ts";
import type { CancelSource } from "../handler.ts";

export function abortedError({ reason }: CancelSource, outcome?: Outcome): SessionError {
  return new SessionError("aborted", "The operation was aborted.", { cause: reason, outcome });
}

export function timeoutError(name: string, timeoutMs: number, outcome?: Outcome): SessionError {
  return new SessionError("timeout", `${name} did not answer within ${timeoutMs} ms.`, { outcome });
}

export function closedError(name: string, outcome?: Outcome): SessionError {
  return new SessionError("closed", `${name} is closed.`, { outcome });
}
