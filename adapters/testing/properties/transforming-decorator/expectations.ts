import { isSessionError, type Outcome, type StoredSession } from "sessionwire";
import type { SessionPage } from "sessionwire/backend";
import { print } from "../../print.ts";
import { holds } from "../contract.ts";
import { expectPassedError } from "../passed-error.ts";
import type { Made } from "./running-call.ts";
import type { Scene } from "./scene.ts";
import type { Asked, Method } from "./witness-store.ts";

/** The fillings of arrays that were returned or passed in, by which a stored one is recognised. */
const HANDED_OUT = 0xdd;
export const HANDED_IN = 0xee;

/** Checks that the inner handler received this call once, with the given arguments, and nothing else. */
export function expectPassedOn({ words, asked }: Made, method: Method, id: string | undefined, options: unknown): void {
  const same = asked.filter((each) => each.method === method);
  const [first] = same;
  holds(54, same.length <= 1, `${words} was passed on ${same.length} times`);
  holds(105, asked.length === 1 && first !== undefined, `For ${words}, the inner handler received ${list(asked)}`);
  holds(57, first?.id === id, `${words} was passed on for ${print(first?.id)}`);
  const given = Object(options) as Asked["options"]; // of the compared call
  for (const name of ["replaces", "ttlSeconds", "prefix", "cursor"] as const) {
    const found = first?.options[name];
    holds(57, found === given[name], `${words} was passed on with ${name} ${print(found)}`);
  }
}

/**
 * Checks that a session in an answer is the stored one, decoded.
 *
 * @param law - The law that is broken otherwise.
 */
export function expectFound(scene: Scene, made: Made, id: string, found: StoredSession | undefined, law: number): void {
  const { words, error } = made;
  const there = scene.found(id);
  if (there && !there.data) {
    expectCorrupt(made);
    return;
  }
  holds(56, error === undefined, `${words} rejects with ${String(error)} although the inner handler has answered`);
  holds(law, (found === undefined) === (there === undefined), `${words} returns ${print(found)}`);
  if (!found || !there?.data) return;
  holds(24, found.version === there.version, `${words} returns a version of its own`);
  const says = `${words} returns ${print(found.data)} for ${print(there.data)}`;
  holds(law === 56 ? lawOfBytes(found.data) : law, isEqual(found.data, there.data), says);
  found.data.fill(HANDED_OUT); // it is a copy
}

/** Checks the answer if the stored bytes cannot be decoded. */
export function expectCorrupt({ words, result, error }: Made, outcome?: Outcome): void {
  const said = error === undefined ? `answers ${print(result)}` : `rejects with ${String(error)}`;
  const says = `${words} ${said} although the stored data cannot be decoded`;
  const { data, current } = Object(result); // of either kind
  holds(32, error !== undefined || (data ?? current?.data) !== undefined, says);
  holds(43, isSessionError(error) && error.code === "corrupt", says);
  if (outcome) expectOutcome(words, error, outcome);
}

/** Checks the answer if the inner handler has failed. */
export function expectFailure({ words, result, error, method }: Made, thrown: unknown): void {
  holds(32, error !== undefined, `${words} returns ${print(result)} although the inner handler has failed`);
  expectPassedError(words, error, thrown, method !== "read" && method !== "list");
}

export function isAborted({ error }: Made): boolean {
  return isSessionError(error) && error.code === "aborted";
}

/** Checks the answer to a call that was given up. */
export function expectAborted(made: Made, reason: unknown): void {
  holds(39, Object(made.error).cause === reason, `${made.words} was aborted, but does not state the reason`);
  expectKnown(made);
}

export function isClosed({ error }: Made): boolean {
  return isSessionError(error) && error.code === "closed";
}

/** Checks that a change that ended before its answer states an outcome, and `not-applied` only if that is true. */
export function expectKnown({ words, error, method, asked }: Made): void {
  if (method === "read" || method === "list") return;
  const outcome = isSessionError(error) ? error.outcome : undefined;
  holds(34, outcome !== undefined, `${words} has ended early without stating an outcome`);
  const hasApplied = asked.some(
    ({ result }) => result !== undefined && result !== false && !("current" in Object(result)),
  );
  holds(34, outcome === "unknown" || !hasApplied, `${words} was applied, but states that it was not`);
}

/** Checks the answer if the decorator has no bytes to pass on. */
export function expectNotEncoded({ words, result, error, asked }: Made): void {
  holds(32, error !== undefined, `${words} returns ${print(result)} although the data cannot be encoded`);
  holds(33, isSessionError(error), `${words} rejects with ${String(error)} when the data cannot be encoded`);
  holds(34, asked.length === 0, `${words} fails, but has been passed on`);
  expectOutcome(words, error, "not-applied");
}

/**
 * Returns true if the write was refused for its size, or should have been, unless the inner handler failed for another
 * reason.
 */
export function isTooLarge({ error, limit, args: [, data], asked: [inside] }: Made): boolean {
  if (inside?.error !== undefined && !isRefusedSize(inside.error)) return false;
  return isRefusedSize(error) || (data as Uint8Array).length > (limit ?? Number.POSITIVE_INFINITY);
}

/**
 * Checks that a handler accepts as much as it states, and refuses more. A handler that states no limit may need half of
 * the store's limit for itself.
 */
export function expectSize(scene: Scene, made: Made): void {
  const { words, result, error, limit = scene.limit / 2, args } = made;
  const { length } = args[1] as Uint8Array; // of a write
  holds(31, length > limit, `${words} was refused: ${length} bytes, although it accepts ${limit}`);
  const said = error === undefined ? print(result) : String(error);
  holds(31, isRefusedSize(error), `${words} returns ${said} for ${length} bytes, although it accepts ${limit}`);
  expectOutcome(words, error, "not-applied");
}

export function expectPage({ words, result, error }: Made, inside: unknown): void {
  holds(56, error === undefined, `${words} rejects with ${String(error)} although the inner handler has answered`);
  const [page, expected] = [result, inside].map((each) => Object(each) as Partial<SessionPage>);
  const isSame = String(page?.ids) === String(expected?.ids) && page?.next === expected?.next;
  holds(112, isSame, `${words} returns ${print(page)} instead of ${print(expected)}`);
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
