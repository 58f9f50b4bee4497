import { replaceOutcome, SessionError } from "../../errors.ts";

/** Maximum number of times in a row that another process may be faster. */
const MAX_ATTEMPTS = 100;

/** Repeats an attempt until it returns a result: `undefined` means that another process was faster. */
export async function repeat<Result>(attempt: () => Promise<Result | undefined>): Promise<Result> {
  for (let count = 0; count < MAX_ATTEMPTS; count += 1) {
    const result = await attempt();
    if (result !== undefined) return result;
  }
  throw new SessionError("conflict", `The session was changed or moved by others ${MAX_ATTEMPTS} times in a row.`, {
    outcome: "not-applied",
  });
}

/** Runs a step before anything is changed: if it fails, nothing has changed. */
export async function before<T>(step: Promise<T>): Promise<T> {
  return step.catch((error) => Promise.reject(replaceOutcome(error, "not-applied")));
}

/** Runs a step after something was changed. */
export async function after<T>(step: Promise<T>): Promise<T> {
  return step.catch((error) => Promise.reject(replaceOutcome(error, "unknown")));
}
