import { isSessionError, type Outcome, SessionError, type SessionErrorCode } from "sessionwire";

/** What an error reply means, by what stands in it. https://redis.io/docs/latest/develop/reference/protocol-spec/ */
const meanings: readonly (readonly [sign: RegExp, code: SessionErrorCode, message: string])[] = [
  [/\bWRONGTYPE\b/, "corrupt", "What Upstash holds under this id is no session."],
  [/\b(NOAUTH|WRONGPASS|NOPERM|Unauthorized)\b/i, "unauthorized", "Upstash refuses the token."],
  [/\b(OOM|BUSY|MISCONF|NOREPLICAS)\b|limit exceeded|too many requests/i, "overloaded", "Upstash refuses for now."],
  [/\bREADONLY\b/, "read_only", "This part of Upstash takes no writes."],
  [/\b(LOADING|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)\b/, "unavailable", "Upstash is not ready."],
  [/\bERR\b/, "failed", "Upstash refused the command."],
];

/** The errors of the network at which a request has never been sent. */
const neverSent = /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|UND_ERR_CONNECT_TIMEOUT)$/;

/** Says in our terms what the client threw. */
export function toSessionError(error: unknown): SessionError {
  if (isSessionError(error)) return error;
  const name = error instanceof Error ? error.name : "";
  if (name === "UpstashError") return replyError(error as Error); // by its name
  if (name === "UpstashJSONParseError") return unavailable("What was answered is no answer of Upstash.", name);
  const code = codeOf(error);
  const outcome = neverSent.test(code ?? "") ? "not-applied" : undefined;
  return unavailable("The request to Upstash failed.", [name, code].filter(Boolean).join(" "), outcome);
}

/** An error that the service has found a name for has come before any effect; of another one nobody knows. */
function replyError(error: Error): SessionError {
  const reply = withoutSecrets(error.message);
  const [, code, message] = meanings.find(([sign]) => sign.test(reply)) ?? [];
  const cause = new Error(reply);
  if (!code || !message) return new SessionError("unavailable", "Upstash has an error of its own.", { cause });
  return new SessionError(code, message, { cause, outcome: "not-applied" });
}

function unavailable(message: string, reason: string, outcome?: Outcome): SessionError {
  return new SessionError("unavailable", message, { cause: new Error(reason || "The client failed."), outcome });
}

/** Behind the reply, the client quotes the command, with key and data; and a reply may quote, too. */
function withoutSecrets(message: string): string {
  const [reply = ""] = message.split(", command was: ");
  return reply.replace(/(['"`]).*\1/s, "'…'").slice(0, 200);
}

/** What the system says is the cause of what `fetch` says. */
function codeOf(error: unknown): string | undefined {
  for (let each = error, depth = 0; each instanceof Error && depth < 4; each = each.cause, depth += 1) {
    if ("code" in each && typeof each.code === "string") return each.code;
  }
  return undefined;
}
