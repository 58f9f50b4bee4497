import type { Response } from "memjs";
import { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "sessionwire";
import { errorWithOutcome, safeCause } from "sessionwire/backend";
import { opcodes, statuses } from "./protocol.ts";

const outOfMemory = 0x82;

const meanings: Readonly<Record<number, readonly [SessionErrorCode, string]>> = {
  [statuses.tooLarge]: [
    "too-large",
    "The session is larger than the Memcached server accepts; the server has deleted it.",
  ],
  4: ["failed", "Memcached refuses the arguments."],
  8: ["unauthorized", "The Memcached server refuses the credentials."],
  32: ["unauthorized", "The Memcached server refuses the credentials, or requires some."],
  33: ["unauthorized", "The Memcached server requires another method of authentication."],
  129: ["failed", "The Memcached server does not know the command."],
  [outOfMemory]: ["overloaded", "The Memcached server is out of memory."],
  131: ["failed", "The Memcached server does not support the command."],
  132: ["failed", "The Memcached server has an internal error."],
  133: ["overloaded", "The Memcached server is busy."],
  134: ["overloaded", "The Memcached server temporarily refuses requests."],
};

/** Returns the error for an error reply. The text of the reply is left out, because it may repeat a key. */
export function refusal({ header: { status = 0, opcode } }: Response): SessionError {
  const [code, message] = meanings[status] ?? ["failed", "Memcached refused the command."];
  const cause = new Error(`Memcached status 0x${status.toString(16).padStart(4, "0")}`);
  return new SessionError(code, message, { cause, outcome: outcomeOf(opcode, status) });
}

/**
 * Returns the outcome of a refusal. A SET that finds no room has deleted the item it should replace; any other refusal
 * changes nothing.
 */
function outcomeOf(opcode: number, status: number): Outcome {
  const hasDeleted = opcode === opcodes.set && (status === statuses.tooLarge || status === outOfMemory);
  return hasDeleted ? "unknown" : "not-applied";
}

/** Translates the loss of a connection into a session error. */
export function lost(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  const cause = safeCause(error, [hasEnded]);
  return new SessionError("unavailable", "The connection to Memcached failed.", { cause });
}

const hasEnded = "The Memcached server has closed the connection.";

export function ended(): SessionError {
  return lost(new Error(hasEnded));
}

export function closed(): SessionError {
  return new SessionError("closed", "Memcached is closed.");
}

/** Returns the same failure, for a call that has certainly changed nothing. */
export function changingNothing(error: unknown): SessionError {
  return errorWithOutcome(lost(error), "not-applied");
}
