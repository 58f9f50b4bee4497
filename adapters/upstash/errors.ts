import { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import { readErrorReply } from "../redis-replies/error-reply.ts";
import { knownWords } from "./known-words.ts";

const meanings: Partial<Record<SessionErrorCode, string>> = {
  "read-only": "The server of Upstash takes no writes.",
  overloaded: "Upstash refuses for now.",
  unavailable: "Upstash is not ready.",
  unauthorized: "Upstash refuses the token.",
  corrupt: "What Upstash holds under this id is no session.",
  "too-large": "The session is larger than Upstash takes.",
  failed: "Upstash refused the command.",
};

/** What the service says, which has no word of its own for it. */
const refusals: readonly (readonly [words: RegExp, code: SessionErrorCode])[] = [
  [/^(unauthorized|forbidden)\b/i, "unauthorized"],
  [/^ERR max (request|single record) size exceeded/i, "too-large"],
  [/^too many requests\b|^ERR .*\b(limit|quota|connections) exceeded/i, "overloaded"],
];

/** The errors that the service gives before it looks at any command of a request. */
const ofRequests: readonly RegExp[] = [
  /^(unauthorized|forbidden|too many requests)\b/i,
  /^ERR max request size exceeded/i,
];

/** What the status of an answer means that says nothing else. */
const statusCodes: Readonly<Record<number, SessionErrorCode>> = {
  401: "unauthorized",
  403: "unauthorized",
  413: "too-large",
  429: "overloaded",
};

/** Without a connection, nothing was sent. */
const neverSent: readonly string[] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Whether an error comes from a store in trouble, to which a new request would be no better. */
export function saysAlive(error: SessionError): boolean {
  return error.code === "overloaded" || error.code === "failed";
}

/** Tells whether a script has to be sent in full: the server does not know it, and has executed nothing. */
export function isMissingScript(error: unknown): boolean {
  return isSessionError(error) && error.cause instanceof Error && error.cause.message.startsWith("NOSCRIPT");
}

/** What an answer with an error means. If it is one of the store, nothing was executed. */
export function refusal(status: number, said: string): SessionError {
  const code = refusals.find(([words]) => words.test(said))?.[1];
  if (code !== undefined) return failure(code, said, "not-applied");
  const reply = readErrorReply(said);
  return reply.isDoubtful ? failure(statusCodes[status] ?? reply.code, said) : failure(reply.code, said, "not-applied");
}

/**
 * What an error means that is the answer to several commands. Some of them may have been executed before it, unless it is about the
 * request as such.
 */
export function refusalOfAll(status: number, said: string): SessionError {
  const error = refusal(status, said);
  if (ofRequests.some((words) => words.test(said))) return error;
  return failure(error.code, said);
}

/**
 * An answer of something else: a hotel's network, a proxy, a firewall. Nobody knows whether it is in the place of the request or
 * in that of the answer. What it says may be anything, so it is not quoted.
 */
export function strangeAnswer(status: number): SessionError {
  const message = "What answered under the URL of Upstash did not answer as Upstash does.";
  const cause = new Error(`The status was ${status}.`);
  return new SessionError(statusCodes[status] ?? "unavailable", message, { cause });
}

/** Why there was no answer. */
export function networkFailure(error: unknown): SessionError {
  if (isSessionError(error)) return error; // the reason for which the request was given up
  const cause = safeCause(error, knownWords);
  const outcome = "code" in cause && neverSent.includes(String(cause.code)) ? "not-applied" : undefined;
  return new SessionError("unavailable", "The request to Upstash failed.", { cause, outcome });
}

function failure(code: SessionErrorCode, said: string, outcome?: Outcome): SessionError {
  const cause = safeCause({ message: said }, knownWords);
  return new SessionError(code, meanings[code] ?? "Upstash refused the command.", { cause, outcome });
}
