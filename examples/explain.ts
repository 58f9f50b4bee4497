import { isSessionError } from "sessionwire";

/** Something that the person at the keyboard can put right. */
export class Mistake extends Error {}

/** Whether an error is to be told in a sentence. Every other one is a bug in this program. */
export function isExpected(error: unknown): error is Error {
  return isSessionError(error) || error instanceof Mistake;
}

/** The message and those of its causes: `Redis failed. (connect ECONNREFUSED 127.0.0.1:6379)`. */
export function explain(error: Error): string {
  const causes = causesOf(error).filter((message) => message !== "");
  return causes.length === 0 ? error.message : `${error.message} (${causes.join("; ")})`;
}

function causesOf({ cause }: Error): string[] {
  if (!(cause instanceof Error)) return [];
  const own = cause instanceof AggregateError ? cause.errors.flatMap((one: Error) => [one.message]) : [cause.message];
  return [...own, ...causesOf(cause)];
}
