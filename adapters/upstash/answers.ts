import type { SessionError, StoredSession, Version } from "sessionwire";
import { bytesOf } from "./bytes.ts";
import { refusal, strangeAnswer } from "./errors.ts";

/** The result in the answer to a request. https://upstash.com/docs/redis/features/restapi */
export function resultOf(status: number, body: string): unknown {
  const answer = parse(body);
  if (typeof answer !== "object" || answer === null) throw strangeAnswer(status);
  if ("error" in answer && typeof answer.error === "string") throw refusal(status, answer.error);
  if (status !== 200 || !("result" in answer)) throw strangeAnswer(status);
  return answer.result;
}

function parse(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

/** What a script has answered: done, with the new version where there is one; or what is there instead. */
export type Answer =
  | { readonly done: true; readonly version: string }
  | { readonly done: false; readonly current: StoredSession | undefined };

/** Reads the answer of a script. Anything else comes from somewhere else, and must never be taken for "there is nothing". */
export function answerOf(reply: unknown): Answer {
  if (reply === "~-") return { done: false, current: undefined };
  if (typeof reply !== "string") throw notTheStore();
  if (reply.startsWith("~+")) return { done: true, version: reply.slice(2) };
  if (reply.startsWith("~=")) return { done: false, current: stored(reply.slice(2)) };
  throw notTheStore();
}

/** The session in the answer to a read, which has nothing to do. */
export function sessionIn(answer: Answer): StoredSession | undefined {
  if (answer.done) throw notTheStore();
  return answer.current;
}

/** The answer of a script that does its work if there is anything. */
export function wasDone(answer: Answer): boolean {
  if (!answer.done && answer.current) throw notTheStore();
  return answer.done;
}

/** Checks the version that a write of so many bytes was answered with. */
export function versionOf(text: string, byteLength: number): Version {
  if (!/^[0-9a-f]{40}:\d+$/.test(text) || Number(text.slice(41)) !== byteLength) throw notTheStore();
  return text as Version; // the one place where this store makes versions, by the text that the scripts make
}

/** The version, a space, and the bytes; their number is in the version, so that none can have been lost on the way. */
function stored(text: string): StoredSession {
  const end = text.indexOf(" ");
  const data = bytesOf(text.slice(end + 1));
  if (data === undefined) throw notTheStore();
  return { data, version: versionOf(text.slice(0, Math.max(end, 0)), data.byteLength) };
}

export function notTheStore(): SessionError {
  return strangeAnswer(200);
}
