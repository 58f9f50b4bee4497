import type { SessionErrorCode } from "sessionwire";

/** An error reply of Redis, Valkey, or a compatible service. */
export interface ErrorReply {
  /** The word that identifies the kind of error, if it is a known one. */
  readonly word: string | undefined;
  /** The meaning of the error. */
  readonly code: SessionErrorCode;
  /** The text after the word, or the whole text. */
  readonly rest: string;
  /** `true` if a command within a script has failed, so that others may have been executed. */
  readonly isOfScript: boolean;
  /** `true` if the reply may come from an intermediary, which cannot know whether the command was executed. */
  readonly isDoubtful: boolean;
}

/** The meanings of the words. https://redis.io/docs/latest/develop/reference/protocol-spec/#simple-errors */
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

/** After this error, the server closes the connection. */
export const tooManyClients = "max number of clients reached";

/** Errors without a word for their kind, by the beginning of their text. */
const sentences: readonly (readonly [beginning: string, code: SessionErrorCode])[] = [
  [tooManyClients, "overloaded"],
  ["Key should be of string type", "corrupt"], // DELEX of Redis 8.4
  ["ACL failure in script", "unauthorized"], // Redis 8, Valkey 8
  ["The user executing the script can't", "unauthorized"], // Redis 6 and 7
];

/**
 * The parts that may precede the word: the generic word that some servers and proxies prepend, the sign of an error
 * reply, and the position at which a script of Redis 6 failed.
 */
const general = /^(?:-|ERR )/;
const placeInScript = /^(?:Error running script \([^)]*\): |@?user_script: ?\d+: )/;

/**
 * Reads an error reply, whether a server, a proxy or a script phrased it. This is the only place that interprets the
 * words.
 */
export function readErrorReply(text: string): ErrorReply {
  let rest = text;
  let isOfScript = /\bscript: .*@user_script:\d/.test(text); // appended to the error since Redis 7
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

/**
 * Returns true if an intermediary may have sent the text. Every error of Redis starts with a word in capitals; quoted
 * parts may be anything.
 */
function comesFromTheWay(text: string): boolean {
  const [own = ""] = text.split(/['"`]|, with args beginning/, 1);
  return !/^-?[A-Z]+ /.test(text) || /time(d )?-?out|internal|unavailable|upstream/i.test(own);
}
