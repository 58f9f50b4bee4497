import { isSessionError, SessionError, type SessionErrorCode } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import { type ErrorReply, readErrorReply, tooManyClients } from "../redis-replies/error-reply.ts";
import { knownWords } from "./known-words.ts";

const meanings: Partial<Record<SessionErrorCode, string>> = {
  "read-only": "The Redis server is a replica and takes no writes.",
  overloaded: "The Redis server refuses for now.",
  unavailable: "The Redis server is not ready.",
  unauthorized: "The Redis server refuses the credentials.",
  corrupt: "What Redis holds under this id is no session.",
  failed: "Redis refused the command.",
};

const belongsToCluster =
  "The Redis server belongs to a Cluster. Use redis+cluster://, or a client of the class Cluster.";

/** Says in our terms what ioredis threw. An error reply of a store means that nothing was executed. */
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

/** Rejects with that, behind a promise. */
export function rejectInOurTerms(error: unknown): never {
  throw toSessionError(error);
}

/** The same for a Cluster, from one of whose servers to another there is no end. */
export function endlessRedirection(error: unknown): SessionError {
  const cause = safeCause(error, knownWords);
  const message = "The servers of the Redis Cluster do not agree on where the key is.";
  return new SessionError("unavailable", message, { cause, outcome: "not-applied" });
}

/** Says of a client that could not even be made, which is a mistake of the program, that it is no failure of the network. */
export function making<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    if (isSessionError(error)) throw error;
    const cause = error instanceof SourceError ? error : safeCause(error, knownWords);
    throw new SessionError("failed", "The Redis client could not be made.", { cause });
  }
}

/** A source that cannot be used, in words of our own. */
export class SourceError extends TypeError {}

/** Whether an error reply to a ping comes from a server in trouble to which a new connection would be no better. */
export function saysAlive(error: unknown): boolean {
  const reply = replyIn(error);
  if (!reply || reply.rest.startsWith(tooManyClients)) return false;
  return ["overloaded", "failed"].includes(reply.code);
}

/** Whether an error is a reply with one of these words. */
export function isReplyOf(error: unknown, words: readonly string[]): boolean {
  const word = replyIn(error)?.word;
  return word !== undefined && words.includes(word);
}

/** The error reply that ioredis threw, if it is one. */
export function replyIn(error: unknown): ErrorReply | undefined {
  return error instanceof Error && error.name === "ReplyError" ? readErrorReply(error.message) : undefined;
}

function meaningOf({ word, code, rest }: ErrorReply): string {
  const isOfCluster = word === "MOVED" || word === "ASK" || rest.startsWith("SELECT is not allowed in cluster mode");
  return isOfCluster ? belongsToCluster : (meanings[code] ?? "Redis refused the command.");
}

/** With the offline queue off, ioredis refuses what it cannot write at once. */
function isNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}
