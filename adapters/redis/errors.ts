import { isSessionError, SessionError, type SessionErrorCode } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import { type ErrorReply, readErrorReply, tooManyClients } from "../redis-replies/error-reply.ts";
import { knownWords } from "./known-words.ts";

const meanings: Partial<Record<SessionErrorCode, string>> = {
  "read-only": "The Redis server is a replica and accepts no writes.",
  overloaded: "The Redis server temporarily refuses requests.",
  unavailable: "The Redis server is not ready.",
  unauthorized: "The Redis server refuses the credentials.",
  corrupt: "The value that Redis holds under this id is not a session.",
  failed: "Redis refused the command.",
};

const belongsToCluster =
  "The Redis server belongs to a Cluster. Use redis+cluster://, or a client of the class Cluster.";

/** Translates an error of ioredis. An error reply of a store means that nothing was executed. */
export function toSessionError(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  const cause = safeCause(error, knownWords);
  const reply = replyIn(error);
  if (reply) {
    const outcome = reply.isDoubtful ? undefined : "not-applied";
    return new SessionError(reply.code, meaningOf(reply), { cause, outcome });
  }
  const outcome = isNeverSent(error) ? "not-applied" : undefined;
  return new SessionError("unavailable", "The connection to Redis failed.", { cause, outcome });
}

/** Rejects with the translated error. */
export function rejectInOurTerms(error: unknown): never {
  throw toSessionError(error);
}

/** The error of calls on connections that have been closed. */
export function closedError(): SessionError {
  return new SessionError("closed", "Redis is closed.");
}

/** Creates a client, and reports if that fails, which is an error in the program and not in the network. */
export function making<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (isSessionError(error)) throw error;
    const cause = error instanceof SourceError ? error : safeCause(error, knownWords);
    throw new SessionError("failed", "The Redis client could not be created.", { cause });
  }
}

/** An unusable source, described in the adapter's own words. */
export class SourceError extends TypeError {}

/** Returns true if an error reply to a ping comes from a server in trouble that a new connection would not help. */
export function saysAlive(error: unknown): boolean {
  const reply = replyIn(error);
  if (!reply || reply.rest.startsWith(tooManyClients)) return false;
  return ["overloaded", "failed"].includes(reply.code);
}

/** Returns true if an error is a reply with one of these words. */
export function isReplyOf(error: unknown, words: readonly string[]): boolean {
  const word = replyIn(error)?.word;
  return word !== undefined && words.includes(word);
}

/** Returns the error reply that ioredis threw, if it is one. */
export function replyIn(error: unknown): ErrorReply | undefined {
  return error instanceof Error && error.name === "ReplyError" ? readErrorReply(error.message) : undefined;
}

function meaningOf({ word, code, rest }: ErrorReply): string {
  const isOfCluster = word === "MOVED" || word === "ASK" || rest.startsWith("SELECT is not allowed in cluster mode");
  return isOfCluster ? belongsToCluster : (meanings[code] ?? "Redis refused the command.");
}

/**
 * Returns true for a command that was not sent: with the offline queue off, ioredis immediately refuses a command that
 * it cannot write.
 */
function isNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}
