import assert from "node:assert/strict";
import { isSessionError, type Outcome, type SessionError, type SessionErrorCode } from "sessionwire";
import type { ConformanceCase } from "../conformance.ts";

/** One law and one way to check it. `check` rejects if the law is broken. */
export interface Law<Of> {
  readonly law: number;
  readonly says: string;
  /** The time that passes in the store, in milliseconds. */
  readonly passesMs?: number;
  check(of: Of): Promise<void>;
}

/**
 * Laws that an implementation cannot keep, by number, each with the reason. Their cases are skipped, and say so.
 *
 * @public
 */
export type Exceptions = Readonly<Record<number, string>>;

/** Returns the laws as cases, for one implementation. */
export function casesOf<Of>(
  laws: readonly Law<Of>[],
  implementation: Of,
  exceptions: Exceptions = {},
): ConformanceCase[] {
  return laws.map((law) => createCase(law, exceptions[law.law], () => law.check(implementation)));
}

/** Returns a case of a law, which is skipped if there is a reason. */
export function createCase(
  { law, says }: Pick<Law<never>, "law" | "says">,
  skipped: string | undefined,
  tryIt: (context: unknown) => Promise<void>,
): ConformanceCase {
  const name = `${says} (law ${law})`;
  const run = (...[context]: unknown[]) => settlesInTime(tryIt(context));
  return skipped === undefined ? { name, law, run } : { name: `${name}: skipped, ${skipped}`, law, skipped, run };
}

/**
 * Marks a running test as skipped. With a runner without such a context, such as jest, a case that does not apply
 * passes.
 */
export function skip(context: unknown, reason: string): void {
  const { skip } = Object(context) as { skip?: (reason: string) => void }; // of any runner, or none
  skip?.call(context, reason);
}

/** Far more time than any case takes, in ms. */
const CASE_TIMEOUT_MS = 60_000;

/**
 * Rejects if a case takes too long. The timer keeps the process alive: node:test has no time limit, and would cancel
 * all further cases if one never settled.
 */
async function settlesInTime(running: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`The case does not settle within ${CASE_TIMEOUT_MS} ms.`)),
      CASE_TIMEOUT_MS,
    );
  });
  try {
    await Promise.race([running, late]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Resolves to the `SessionError` that a call rejects with, and rejects if the call resolves or its error has another
 * code or outcome.
 *
 * @param outcome - The expected outcome. Absent: the error must have none. `"any"`: it is not checked.
 *
 * @public
 */
export async function rejects(
  promise: Promise<unknown>,
  code: SessionErrorCode,
  outcome?: Outcome | "any",
): Promise<SessionError> {
  const error = await promise.then(
    (value) => assert.fail(`Resolved with ${String(value)}; expected code ${code}.`),
    (reason: unknown) => reason,
  );
  if (!isSessionError(error)) throw error;
  assert.equal(error.code, code);
  if (outcome !== "any") assert.equal(error.outcome, outcome);
  return error;
}

/** Reports the state of a promise, without waiting for it. */
export function watch<T>(promise: Promise<T>): {
  state: "pending" | "resolved" | "rejected";
  value?: T;
  error?: unknown;
} {
  const watched: ReturnType<typeof watch<T>> = { state: "pending" };
  promise.then(
    (value) => Object.assign(watched, { state: "resolved", value }),
    (error: unknown) => Object.assign(watched, { state: "rejected", error }),
  );
  return watched;
}

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array | undefined): string | undefined {
  return data && new TextDecoder().decode(data);
}
