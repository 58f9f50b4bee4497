import type { DestroyResult, SessionError, StoredSession, Version, WriteResult } from "sessionwire";
import { bytesOf } from "./bytes.ts";
import { type AnswerHead, refusal, refusalOfAll, strangeAnswer } from "./errors.ts";
import { sha1Hex } from "./sha1.ts";

/** An answer to a request, whoever sent it: `content` is `undefined` if it is not JSON. */
export interface ReceivedAnswer extends AnswerHead {
  readonly content: unknown;
}

/** Returns the result in the answer to a single command. https://upstash.com/docs/redis/features/restapi */
export function resultOf(answer: ReceivedAnswer): unknown {
  const { content } = answer;
  if (typeof content !== "object" || content === null) throw strangeAnswer(answer);
  if ("error" in content && typeof content.error === "string") throw refusal(answer, content.error);
  if (answer.status !== 200 || !("result" in content)) throw strangeAnswer(answer);
  return content.result;
}

/** Returns the result of one command of a pipeline. Each has its own result or error, or one error applies to all. */
export function resultAt(answer: ReceivedAnswer, index: number, count: number): unknown {
  const { content } = answer;
  if (Array.isArray(content)) {
    if (answer.status !== 200 || content.length !== count) throw strangeAnswer(answer);
    return resultOf({ ...answer, content: content[index] });
  }
  if (typeof content === "object" && content !== null && "error" in content && typeof content.error === "string") {
    throw count === 1 ? refusal(answer, content.error) : refusalOfAll(answer, content.error);
  }
  throw strangeAnswer(answer);
}

/** Returns the session in the answer to GETEX, which is null if there is none. */
export function sessionIn(result: unknown): StoredSession | undefined {
  return result === null ? undefined : storedSession(bytesIn(textIn(result)));
}

/** Returns true if a command on an existing key found one. */
export function wasDone(result: unknown): boolean {
  if (result !== 0 && result !== 1) throw notTheStore();
  return result === 1;
}

/** Reads the answer of the script that replaces the version read with `data`, which nobody else may change. */
export function writeResultOf(result: unknown, data: Uint8Array): WriteResult {
  const text = textIn(result);
  if (!isDone(text)) return { written: false, current: currentIn(text) };
  let version: Version | undefined;
  return {
    written: true,
    get version() {
      version ??= versionOf(data);
      return version;
    },
  };
}

/** Reads the answer of the script that destroys the version read. */
export function destroyResultOf(result: unknown): DestroyResult {
  const text = textIn(result);
  return isDone(text) ? { destroyed: true } : { destroyed: false, current: currentIn(text) };
}

/**
 * Keeps two copies, so that one stays as it was stored if the other is changed in place: the version is computed when
 * it is first read.
 */
function storedSession(stored: Uint8Array): StoredSession {
  let version: Version | undefined;
  return {
    data: stored.slice(),
    get version() {
      version ??= versionOf(stored);
      return version;
    },
  };
}

/** Computes the same version as the scripts. This is the only place where this store creates versions. */
function versionOf(data: Uint8Array): Version {
  return `${sha1Hex(data)}:${data.byteLength}` as Version;
}

function isDone(text: string): boolean {
  return text === btoa("+");
}

function currentIn(text: string): StoredSession | undefined {
  if (text === btoa("-")) return undefined;
  const bytes = bytesIn(text);
  if (bytes[0] !== "=".charCodeAt(0)) throw notTheStore();
  return storedSession(bytes.subarray(1));
}

export function textIn(result: unknown): string {
  if (typeof result !== "string") throw notTheStore();
  return result;
}

export function bytesIn(text: string): Uint8Array {
  const bytes = bytesOf(text);
  if (bytes === undefined) throw notTheStore();
  return bytes;
}

export function notTheStore(): SessionError {
  return strangeAnswer({ status: 200 });
}
