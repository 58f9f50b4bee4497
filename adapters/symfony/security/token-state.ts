import type { Json } from "sessionwire";
import { bytesOf } from "../php-text/byte-sink.ts";
import { readValue } from "../php-text/reader.ts";
import type { PhpValueText } from "../php-text/session.ts";
import { NodeValues } from "../values/node-values.ts";
import { isPhpValue, type PhpValue } from "../values/php-value.ts";
import { unreadable } from "./unreadable.ts";

/** A token as Symfony has stored it. */
export interface StoredToken {
  readonly className: string;
  /** The members of the class that extends `AbstractToken`; the last one is the state. */
  readonly own: readonly Json[];
  /** The members of `AbstractToken`: user, `true` if authenticated, roles as objects, attributes, names of roles. */
  readonly state: readonly Json[];
}

/** Reads a token; `undefined` if none is stored. */
export function readToken(stored: unknown): StoredToken | undefined {
  if (stored === undefined) return undefined;
  const bytes = isPhpValue(stored) ? stored.bytes : typeof stored === "string" ? bytesOf(stored) : undefined;
  if (bytes === undefined) throw unreadable();
  const token = read(bytes);
  if (token === null) return undefined;
  if (!isPhpValue(token) || token.className === undefined) throw unreadable();
  return { className: token.className, ...statesIn(membersOf(token)) };
}

/** Reads a value. The references in a payload cannot be followed: they count values outside of it. */
function read(bytes: Uint8Array, isPayload = false): Json {
  const text = readText(bytes);
  if (isPayload && text.references.length > 0) throw unreadable();
  return new NodeValues(text).of(text.value);
}

function readText(bytes: Uint8Array): PhpValueText {
  try {
    return readValue(bytes);
  } catch {
    throw unreadable();
  }
}

/** Returns what the class of the token has serialized. */
function membersOf(token: PhpValue): Json {
  if (token.kind === "serializable" && token.bytes) return read(token.bytes, true);
  return token.names().map((name, index) => {
    const member = name === String(index) ? token.get(name) : undefined;
    if (member === undefined) throw unreadable();
    return member;
  });
}

/** Follows the classes up to `AbstractToken`. Each stores the members of its parent last, before Symfony 4.3 as text. */
function statesIn(members: Json): Pick<StoredToken, "own" | "state"> {
  let own: readonly Json[] = [];
  let state = listOf(members);
  while (!isState(state)) {
    own = state;
    const parent = state.at(-1);
    state = listOf(typeof parent === "string" ? read(bytesOf(parent)) : parent);
  }
  return { own, state };
}

function listOf(members: Json | undefined): readonly Json[] {
  if (Array.isArray(members)) return members;
  throw unreadable();
}

/** A class that extends `AbstractToken` may have members of the same types, but the last of them is its parent. */
function isState(members: readonly Json[]): boolean {
  const last = members.at(-1);
  return looksLikeState(members) && typeof last !== "string" && !containsState(last);
}

function containsState(member: Json | undefined): boolean {
  return Array.isArray(member) && (looksLikeState(member) || containsState(member.at(-1)));
}

function looksLikeState(members: readonly Json[]): boolean {
  return members.length >= 4 && typeof members[1] === "boolean";
}
