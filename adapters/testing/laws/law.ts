import assert from "node:assert/strict";
import { isSessionError, type Outcome, type SessionError, type SessionErrorCode } from "sessionwire";

/** One law and one way to see that it holds. `check` rejects when it does not. */
export interface Law<Of> {
  readonly law: number;
  readonly says: string;
  /** How much of the store's time passes, for a law that is about time. */
  readonly passesMs?: number;
  check(of: Of): Promise<void>;
}

/**
 * Resolves to the `SessionError` that a call rejects with, and rejects if the call resolves, or its error has another code or outcome.
 *
 * @param outcome - Absent: the error must have none. `"any"`: it is not looked at.
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

export function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

export function text(data: Uint8Array | undefined): string | undefined {
  return data && new TextDecoder().decode(data);
}
