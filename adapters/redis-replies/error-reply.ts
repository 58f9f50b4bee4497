import type { SessionErrorCode } from "sessionwire";

/** An error reply of Redis, Valkey, or a service that speaks like them. */
export interface ErrorReply {
  /** The word by which the kind of error is told, if it is known here. */
  readonly word: string | undefined;
  /** What the error means. */
  readonly code: SessionErrorCode;
  /** The text behind the word, or all of it. */
  readonly rest: string;
  /** Whether a command within a script has failed, so that others may have been executed. */
  readonly isOfScript: boolean;
  /** Whether it may come from something on the way to the store, which cannot know what became of the command. */
  readonly isDoubtful: boolean;
}

/** What the words mean. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
const codes: Readonly<Record<string, SessionErrorCode>> = {
  READONLY: "read-only",
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
  DENIED: "unauthorized",
  WRONGTYPE: "corrupt",
  NOSCRIPT: "failed",
};

/** Behind this, the server closes the connection. */
export const tooManyClients = "max number of clients reached";

/** What is said without a word for it, at the beginning. */
const sentences: readonly (readonly [beginning: string, code: SessionErrorCode])[] = [
  [tooManyClients, "overloaded"],
  ["Key should be of string type", "corrupt"], // DELEX of Redis 8.4
  ["ACL failure in script", "unauthorized"], // Redis 8, Valkey 8
  ["The user executing the script can't", "unauthorized"], // Redis 6 and 7
];

/**
 * What may stand before the word: the general word, which some servers and proxies put before every other one, the sign of an
 * error reply, and the place where a script of Redis 6 has failed.
 */
const general = /^(?:-|ERR )/;
const placeInScript = /^(?:Error running script \([^)]*\): |@?user_script: ?\d+: )/;

/** Reads an error reply, however a server, a proxy or a script says it. The only place where the words have a meaning. */
export function readErrorReply(text: string): ErrorReply {
  let rest = text;
  let isOfScript = /\bscript: .*@user_script:\d/.test(text); // behind the error, since Redis 7
  for (let before = ""; before !== rest; ) {
    before = rest;
    rest = rest.replace(general, "");
    isOfScript ||= placeInScript.test(rest);
    rest = rest.replace(placeInScript, "");
  }
  const [, word, behind = ""] = /^([A-Z]+)(?: (.*))?$/s.exec(rest) ?? [];
  if (word !== undefined && Object.hasOwn(codes, word)) {
    return { word, code: codes[word] ?? "failed", rest: behind, isOfScript, isDoubtful: false };
  }
  const [, code] = sentences.find(([beginning]) => rest.startsWith(beginning)) ?? [];
  const isDoubtful = code === undefined && comesFromTheWay(text);
  return { word: undefined, code: code ?? (isDoubtful ? "unavailable" : "failed"), rest, isOfScript, isDoubtful };
}

/** Every error of Redis begins with a word in capitals. What is quoted in it may be anything. */
function comesFromTheWay(text: string): boolean {
  const [own = ""] = text.split(/['"`]|, with args beginning/, 1);
  return !/^-?[A-Z]+ /.test(text) || /time(d )?-?out|internal|unavailable|upstream/i.test(own);
}
