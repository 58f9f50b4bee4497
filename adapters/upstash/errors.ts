import { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "sessionwire";

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
  NOAUTH: "unauthorized",
  WRONGPASS: "unauthorized",
  NOPERM: "unauthorized",
  WRONGTYPE: "corrupt",
};

const meanings: Partial<Record<SessionErrorCode, string>> = {
  read_only: "The server of Upstash takes no writes.",
  overloaded: "Upstash refuses for now.",
  unavailable: "Upstash is not ready.",
  unauthorized: "Upstash refuses the token.",
  corrupt: "What Upstash holds under this id is no session.",
  too_large: "The session is larger than Upstash takes.",
  failed: "Upstash refused the command.",
};

/** The word is at the start, or, from a script on Redis 6, behind the place where the script failed. */
const replyWord = new RegExp(`(?:^|[\\s:-])(${Object.keys(replyCodes).join("|")})(?:\\s|$)`);

/** What the service says, which has no word of its own for it. */
const refusals: readonly (readonly [words: RegExp, code: SessionErrorCode])[] = [
  [/^(unauthorized|forbidden)\b|can't run this command/i, "unauthorized"],
  [/^ERR max (request|single record) size exceeded/i, "too_large"],
  [/^too many requests\b|^ERR .*\b(limit|quota|connections) exceeded/i, "overloaded"],
];

/** The title of a page that something on the way has answered with; the client does not tell the status. */
const titles: readonly (readonly [words: RegExp, code: SessionErrorCode])[] = [
  [/<title>\s*40[13]\b/i, "unauthorized"],
  [/<title>\s*429\b/i, "overloaded"],
];

/** Without a connection, nothing was sent. */
const neverSent: readonly string[] = ["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN", "UND_ERR_CONNECT_TIMEOUT"];

/** Says in our terms what the client threw. Its errors carry the whole command, of which nothing may remain. */
export function toSessionError(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  if (!(error instanceof Error)) return ofNetwork(error);
  if (error.name === "UpstashError") return ofAnswer(error.message.split(", command was: ", 1)[0] ?? "");
  if (error.name === "UpstashJSONParseError") return ofPage(error.message);
  return ofNetwork(error);
}

/** Whether an error comes from a store in trouble, to which a new request would be no better. */
export function saysAlive(error: SessionError): boolean {
  return error.code === "overloaded" || error.code === "failed";
}

/** A reply with an error means that nothing was executed. */
function ofAnswer(said: string): SessionError {
  const refusal = codeIn(said, refusals);
  if (refusal !== undefined) return failure(refusal, said, "not-applied");
  const word = /^[A-Z]+ /.test(said) ? replyWord.exec(said)?.[1] : undefined;
  if (word !== undefined) return failure(replyCodes[word] ?? "failed", said, "not-applied");
  // Of a command on whose way something went wrong, nobody knows.
  const isDoubtful = !said.startsWith("ERR ") || /time(d )?-?out|internal|unavailable/i.test(said);
  return isDoubtful ? failure("unavailable", said) : failure("failed", said, "not-applied");
}

/** Nobody knows whether the page is in the place of the request or in that of the answer. */
function ofPage(message: string): SessionError {
  return failure(codeIn(message, titles) ?? "unavailable", "");
}

function ofNetwork(error: unknown): SessionError {
  const code = codeOf(error);
  const outcome = neverSent.includes(code ?? "") ? "not-applied" : undefined;
  const cause = Object.assign(new Error(`The request failed${code ? ` with ${code}` : ""}.`), code && { code });
  return new SessionError("unavailable", "The request to Upstash failed.", { cause, outcome });
}

function failure(code: SessionErrorCode, said: string, outcome?: Outcome): SessionError {
  const cause = new Error(withoutSecrets(said));
  return new SessionError(code, meanings[code] ?? "Upstash refused the command.", { cause, outcome });
}

function codeIn(said: string, table: typeof refusals): SessionErrorCode | undefined {
  return table.find(([words]) => words.test(said))?.[1];
}

/** Of Redis it is known what it quotes, and where; what others say may contain anything. */
function withoutSecrets(said: string): string {
  if (!/^[A-Z]+ /.test(said)) return "The answer was not that of a Redis server.";
  return said.split(", with args beginning", 1)[0]?.replace(/(['"`]).*\1/s, "'…'") ?? "";
}

/** What the system, or the `fetch` of Node, calls that which went wrong. */
function codeOf(error: unknown, depth = 0): string | undefined {
  if (!(error instanceof Error) || depth > 4) return undefined;
  if ("code" in error && typeof error.code === "string" && /^[A-Z][A-Z\d_]+$/.test(error.code)) return error.code;
  return codeOf(error.cause, depth + 1);
}
