import { isSessionError, SessionError, type SessionErrorCode, safeCause } from "sessionwire";
import { knownWords } from "./known-words.ts";

/** What the first word of an error reply means. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const replyCodes: Readonly<Record<string, SessionErrorCode>> = {
  READONLY: "read_only",
  OOM: "overloaded",
  BUSY: "overloaded",
  MISCONF: "overloaded",
  NOREPLICAS: "overloaded",
  LOADING: "unavailable",
  MASTERDOWN: "unavailable",
  CLUSTERDOWN: "unavailable",
  TRYAGAIN: "unavailable",
  MOVED: "unavailable",
  ASK: "unavailable",
  NOAUTH: "unauthorized",
  WRONGPASS: "unauthorized",
  NOPERM: "unauthorized",
  WRONGTYPE: "corrupt",
};

const meanings: Partial<Record<SessionErrorCode, string>> = {
  read_only: "The Redis server is a replica and takes no writes.",
  overloaded: "The Redis server refuses for now.",
  unavailable: "The Redis server is not ready.",
  unauthorized: "The Redis server refuses the credentials.",
  corrupt: "What Redis holds under this id is no session.",
  failed: "Redis refused the command.",
};

const replyWord = new RegExp(`(?:^|[\\s:-])(${Object.keys(replyCodes).join("|")})(?:\\s|$)`);

/** Says in our terms what ioredis threw. A reply with an error means that nothing was executed. */
export function toSessionError(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  const cause = safeCause(error, knownWords);
  if (!isReply(error)) {
    const outcome = isNeverSent(error) ? "not-applied" : undefined;
    return new SessionError("unavailable", "The connection to Redis failed.", { cause, outcome });
  }
  const code = replyCode(error.message);
  return new SessionError(code, meanings[code] ?? "Redis refused the command.", { cause, outcome: "not-applied" });
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
  if (!isReply(error)) return false;
  if (error.message.includes(tooManyClients)) return false; // the server closes this connection
  return ["overloaded", "failed"].includes(replyCode(error.message));
}

const tooManyClients = "max number of clients reached";

/** Whether an error is a reply that begins with one of these words. */
export function isReplyOf(error: unknown, words: readonly string[]): boolean {
  return isReply(error) && words.includes(error.message.split(" ", 1)[0] ?? "");
}

/** The word is at the start, or, from a script on Redis 6, behind the place where the script failed; not in what is quoted. */
function replyCode(text: string): SessionErrorCode {
  const message = text.replace(/(['"`]).*\1/s, "''");
  if (message.includes(tooManyClients)) return "overloaded";
  if (message.includes("can't run this command")) return "unauthorized"; // from a script, which has no word of its own for it
  return replyCodes[replyWord.exec(message)?.[1] ?? ""] ?? "failed";
}

function isReply(error: unknown): error is Error {
  return error instanceof Error && error.name === "ReplyError";
}

/** With the offline queue off, ioredis refuses what it cannot write at once. */
function isNeverSent(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Stream isn't writeable");
}
