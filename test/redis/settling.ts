import { isSessionError, type SessionError } from "sessionwire";
import { within } from "../laws/within.ts";

/** Whether a promise is still open after so long. What becomes of it later is nobody's concern. */
export async function isPendingAfter(ms: number, promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => "settled",
    () => "settled",
  );
  return (await within(ms, settled)) === "late";
}

/** Whether a promise settles before the event loop turns: by nothing that a network or a timer could do. */
export function settlesInThisTurn(promise: Promise<unknown>): Promise<boolean> {
  const settled = promise.then(
    () => true,
    () => true,
  );
  return Promise.race([settled, new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

/** The `SessionError` that a call rejects with; anything else is a failure of the test. */
export async function failureOf(call: Promise<unknown>): Promise<SessionError> {
  const error = await rejectionOf(call);
  if (isSessionError(error)) return error;
  throw new Error("The call rejected with an error of another class.", { cause: error });
}

/** What a call rejects with. */
export async function rejectionOf(call: Promise<unknown>): Promise<unknown> {
  let value: unknown;
  try {
    value = await call;
  } catch (error) {
    return error;
  }
  throw new Error("The call did not reject.", { cause: value });
}

/** What a call resolves to, and after how many milliseconds. */
export async function timed<T>(call: Promise<T>): Promise<{ readonly value: T; readonly ms: number }> {
  const start = performance.now();
  const value = await call;
  return { value, ms: Math.round(performance.now() - start) };
}
