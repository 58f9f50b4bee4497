import { isSessionError, type Outcome, type StoredSession } from "sessionwire";
import type { SessionPage } from "sessionwire/backend";
import { print } from "../../print.ts";
import { holds } from "../contract.ts";
import { expectPassedError } from "../passed-error.ts";
import type { Made } from "./running-call.ts";
import type { Scene } from "./scene.ts";
import type { Asked, Method } from "./witness-store.ts";

/** Fillings of the arrays that were handed out or in, so that one that is kept shows. */
const HANDED_OUT = 0xdd;
export const HANDED_IN = 0xee;

/** The handler inside was asked for this call once, with what was given, and for nothing else. */
export function expectPassedOn({ words, asked }: Made, method: Method, id: string | undefined, options: unknown): void {
  const same = asked.filter((each) => each.method === method);
  const [first] = same;
  holds(54, same.length <= 1, `${words} was passed on ${same.length} times`);
  holds(105, asked.length === 1 && first !== undefined, `For ${words}, the handler inside was asked ${list(asked)}`);
  holds(57, first?.id === id, `${words} was passed on for ${print(first?.id)}`);
  const given = Object(options) as Asked["options"]; // of the call that is compared
  for (const name of ["replaces", "ttlSeconds", "prefix", "cursor"] as const) {
    const found = first?.options[name];
    holds(57, found === given[name], `${words} was passed on with ${name} ${print(found)}`);
  }
}

/**
 * A session in an answer is the one that is stored, decoded.
 *
 * @param law - The one at stake where it is not.
 */
export function expectFound(scene: Scene, made: Made, id: string, found: StoredSession | undefined, law: number): void {
  const { words, error } = made;
  const there = scene.found(id);
  if (there && !there.data) {
    expectCorrupt(made);
    return;
  }
  holds(56, error === undefined, `${words} rejects with ${String(error)} where the handler inside has answered`);
  holds(law, (found === undefined) === (there === undefined), `${words} answers ${print(found)}`);
  if (!found || !there?.data) return;
  holds(24, found.version === there.version, `${words} answers with a version of its own`);
  const says = `${words} answers ${print(found.data)} for ${print(there.data)}`;
  holds(law === 56 ? lawOfBytes(found.data) : law, isEqual(found.data, there.data), says);
  found.data.fill(HANDED_OUT); // it is a copy
}

/** The bytes that are stored cannot be decoded. */
export function expectCorrupt({ words, result, error }: Made, outcome?: Outcome): void {
  const said = error === undefined ? `answers ${print(result)}` : `rejects with ${String(error)}`;
  const says = `${words} ${said} where what is stored cannot be decoded`;
  const { data, current } = Object(result); // of whichever kind
  holds(32, error !== undefined || (data ?? current?.data) !== undefined, says);
  holds(43, isSessionError(error) && error.code === "corrupt", says);
  if (outcome) expectOutcome(words, error, outcome);
}

/** The handler inside has failed. */
export function expectFailure({ words, result, error, method }: Made, thrown: unknown): void {
  holds(32, error !== undefined, `${words} answers ${print(result)} where the handler inside has failed`);
  expectPassedError(words, error, thrown, method !== "read" && method !== "list");
}

export function isAborted({ error }: Made): boolean {
  return isSessionError(error) && error.code === "aborted";
}

/** A call that was given up. */
export function expectAborted(made: Made, reason: unknown): void {
  holds(39, Object(made.error).cause === reason, `${made.words} was aborted, and does not say for which reason`);
  expectKnown(made);
}

export function isClosed({ error }: Made): boolean {
  return isSessionError(error) && error.code === "closed";
}

/** A change that has ended before it was answered says what became of it, and `not-applied` only where it is so. */
export function expectKnown({ words, error, method, asked }: Made): void {
  if (method === "read" || method === "list") return;
  const outcome = isSessionError(error) ? error.outcome : undefined;
  holds(34, outcome !== undefined, `${words} has ended early, and does not say what became of it`);
  const hasApplied = asked.some(
    ({ result }) => result !== undefined && result !== false && !("current" in Object(result)),
  );
  holds(34, outcome === "unknown" || !hasApplied, `${words} was applied, and says that it was not`);
}

/** The decorator has no bytes to pass on. */
export function expectNotEncoded({ words, result, error, asked }: Made): void {
  holds(32, error !== undefined, `${words} answers ${print(result)} where the data cannot be encoded`);
  holds(33, isSessionError(error), `${words} rejects with ${String(error)} where the data cannot be encoded`);
  holds(34, asked.length === 0, `${words} fails, and has been passed on`);
  expectOutcome(words, error, "not-applied");
}

/** True if the write was refused for its size, or should have been; unless the handler inside has failed for another reason. */
export function isTooLarge({ error, limit, args: [, data], asked: [inside] }: Made): boolean {
  if (inside?.error !== undefined && !isRefusedSize(inside.error)) return false;
  return isRefusedSize(error) || (data as Uint8Array).length > (limit ?? Number.POSITIVE_INFINITY);
}

/** A handler takes what it says that it takes, and refuses more. One that says nothing may need half of the store's limit for itself. */
export function expectSize(scene: Scene, made: Made): void {
  const { words, result, error, limit = scene.limit / 2, args } = made;
  const { length } = args[1] as Uint8Array; // of a write
  holds(31, length > limit, `${words} was refused: ${length} bytes, although it takes ${limit}`);
  const said = error === undefined ? print(result) : String(error);
  holds(31, isRefusedSize(error), `${words} answers ${said} to ${length} bytes, although it takes ${limit}`);
  expectOutcome(words, error, "not-applied");
}

export function expectPage({ words, result, error }: Made, inside: unknown): void {
  holds(56, error === undefined, `${words} rejects with ${String(error)} where the handler inside has answered`);
  const [page, expected] = [result, inside].map((each) => Object(each) as Partial<SessionPage>);
  const isSame = String(page?.ids) === String(expected?.ids) && page?.next === expected?.next;
  holds(112, isSame, `${words} answers ${print(page)} instead of ${print(expected)}`);
}

export function isEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, place) => byte === other[place]);
}

function isRefusedSize(error: unknown): boolean {
  return isSessionError(error) && error.code === "too-large";
}

function expectOutcome(words: string, error: unknown, outcome: Outcome): void {
  const said = isSessionError(error) ? error.outcome : undefined;
  holds(34, said === outcome, `${words} rejects with the outcome ${said} instead of ${outcome}`);
}

function lawOfBytes(found: Uint8Array): number {
  const isFilledWith = (filling: number) => found.length > 0 && found.every((byte) => byte === filling);
  if (isFilledWith(HANDED_OUT)) return 4;
  return isFilledWith(HANDED_IN) ? 5 : 3;
}

function list(asked: readonly Asked[]): string {
  return asked.length === 0 ? "nothing" : `to ${asked.map(({ method }) => method).join(" and ")}`;
}
