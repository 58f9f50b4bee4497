import { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "sessionwire";
import { safeCause } from "sessionwire/backend";
import { readErrorReply } from "../redis-replies/error-reply.ts";
import { knownWords } from "./known-words.ts";

const meanings: Partial<Record<SessionErrorCode, string>> = {
  "read-only": "The Upstash server accepts no writes.",
  overloaded: "Upstash temporarily refuses requests.",
  unavailable: "Upstash is not ready.",
  unauthorized: "Upstash refuses the token.",
  corrupt: "The value that Upstash holds under this id is not a session.",
  "too-large": "The session is larger than Upstash accepts.",
  failed: "Upstash refused the command.",
};

/** Errors of the service itself, which have no word for their kind. */
const refusals: readonly (readonly [words: RegExp, code: SessionErrorCode])[] = [
  [/^(unauthorized|forbidden)\b/i, "unauthorized"],
  [/^ERR max (request|single record) size exceeded/i, "too-large"],
  [/^too many requests\b|^ERR .*\b(limit|quota|connections) exceeded/i, "overloaded"],
];

/** Errors that the service reports before it looks at any command of a request. */
const ofRequests: readonly RegExp[] = [
  /^(unauthorized|forbidden|too many requests)\b/i,
  /^ERR max request size exceeded/i,
];

/** The meaning of an HTTP status, for an answer without further information. */
const statusCodes: Readonly<Record<number, SessionErrorCode>> = {
  401: "unauthorized",
  403: "unauthorized",
  413: "too-large",
  429: "overloaded",
};

/** Error codes of a missing connection, without which nothing was sent. */
const neverSent: readonly string[] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Returns true if an error comes from a store in trouble that a new request would not help. */
export function saysAlive(error: SessionError): boolean {
  return error.code === "overloaded" || error.code === "failed";
}

/** Returns true if a script must be sent in full: the server does not know it, and has executed nothing. */
export function isMissingScript(error: unknown): boolean {
  return isSessionError(error) && error.cause instanceof Error && error.cause.message.startsWith("NOSCRIPT");
}

/** The parts of an answer beside its text, whether Upstash or a gateway sent it. */
export interface AnswerHead {
  readonly status: number;
  /** The time after which the sender asks for the next request, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Translates an answer with an error. If it is an error of the store, nothing was executed. */
export function refusal(head: AnswerHead, said: string): SessionError {
  const code = refusals.find(([words]) => words.test(said))?.[1];
  if (code !== undefined) return failure(code, said, head, "not-applied");
  const reply = readErrorReply(said);
  if (!reply.isDoubtful) return failure(reply.code, said, head, "not-applied");
  return failure(statusCodes[head.status] ?? reply.code, said, head);
}

/**
 * Translates an error that answers several commands. Some of them may have been executed before it, unless it concerns
 * the request itself.
 */
export function refusalOfAll(head: AnswerHead, said: string): SessionError {
  const error = refusal(head, said);
  if (ofRequests.some((words) => words.test(said))) return error;
  return failure(error.code, said, head);
}

/**
 * Reports an answer of something else, such as a hotel network, a proxy or a firewall. It is unknown whether it
 * replaced the request or the answer. Its text may be anything, so it is not quoted.
 */
export function strangeAnswer({ status, retryAfterMs }: AnswerHead): SessionError {
  const message = "The service at the URL of Upstash did not answer like Upstash.";
  const cause = new Error(`The status was ${status}.`);
  return new SessionError(statusCodes[status] ?? "unavailable", message, { cause, retryAfterMs });
}

/** Returns the error for a missing answer. */
export function networkFailure(error: unknown): SessionError {
  if (isSessionError(error)) return error; // the reason for giving up the request
  const cause = safeCause(error, knownWords);
  const outcome = "code" in cause && neverSent.includes(String(cause.code)) ? "not-applied" : undefined;
  return new SessionError("unavailable", "The request to Upstash failed.", { cause, outcome });
}

function failure(code: SessionErrorCode, said: string, { retryAfterMs }: AnswerHead, outcome?: Outcome): SessionError {
  const cause = safeCause({ message: said }, knownWords);
  return new SessionError(code, meanings[code] ?? "Upstash refused the command.", { cause, outcome, retryAfterMs });
}
