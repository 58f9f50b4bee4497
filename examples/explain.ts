import { isSessionError } from "sessionwire";

/** An error that the person at the keyboard can correct. */
export class Mistake extends Error {}

/** Returns true if an error should be explained in one sentence. Every other error is a bug in this program. */
export function isExpected(error: unknown): error is Error {
  return isSessionError(error) || error instanceof Mistake;
}

/** Returns the message and those of its causes: `Redis failed. (connect ECONNREFUSED 127.0.0.1:6379)`. */
export function explain(error: Error): string {
  const causes = causesOf(error).filter((message) => message !== "");
  return causes.length === 0 ? error.message : `${error.message} (${causes.join("; ")})`;
}

function causesOf({ cause }: Error): string[] {
  if (!(cause instanceof Error)) return [];
  const own = cause instanceof AggregateError ? cause.errors.flatMap((one: Error) => [one.message]) : [cause.message];
  return [...own, ...causesOf(cause)];
}
