import { type KeyPage, SessionError, type StoredSession, type Version } from "sessionwire";
import { bytesOfText, isOfBytes } from "./text.ts";

/** What a script has answered. */
export interface Answer {
  readonly isDone: boolean;
  readonly version: Version | undefined;
  readonly session: StoredSession | undefined;
}

const shape = /^([+-])(?:([0-9a-f]{40}:\d+)(?: (.*))?)?$/s;

export function readAnswer(reply: unknown): Answer {
  const [, sign, versionText, data] = (typeof reply === "string" && isOfBytes(reply) && shape.exec(reply)) || [];
  if (sign === undefined) throw strange();
  const version = versionText as Version | undefined; // as the script has made it
  const isDone = sign === "+";
  if (version === undefined || data === undefined) return { isDone, version, session: undefined };
  if (!version.endsWith(`:${data.length}`)) throw strange();
  return { isDone, version, session: { data: bytesOfText(data), version } };
}

/** Each key stands behind its length in bytes. One that is not valid UTF-8 is the key of no id. */
export function keysIn(reply: unknown): KeyPage {
  const [head, cursor] = (typeof reply === "string" && isOfBytes(reply) && /^\+(\d+) /.exec(reply)) || [];
  if (typeof reply !== "string" || head === undefined || cursor === undefined) throw strange();
  const keys: string[] = [];
  for (let place = head.length; place < reply.length; ) {
    const [prefix, length = ""] = /^(\d+):/.exec(reply.slice(place, place + 20)) ?? [];
    if (prefix === undefined) throw strange();
    const start = place + prefix.length;
    place = start + Number(length);
    if (place > reply.length) throw strange();
    keys.push(...textOf(bytesOfText(reply.slice(start, place))));
  }
  return { keys, next: cursor === "0" ? undefined : cursor };
}

function textOf(key: Uint8Array): string[] {
  try {
    return [new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(key)];
  } catch {
    return [];
  }
}

function strange(): SessionError {
  return new SessionError("unavailable", "What was answered is no answer of Upstash.");
}
