/**
 * Called with an error, or with `null` and the result.
 *
 * @public
 */
export type ExpressStoreCallback<Result = void> = (error?: unknown, result?: Result) => void;

/**
 * Passes the result to the callback, if there is one. The promise then never rejects, because the callback has received
 * the error. An error that the callback throws takes its usual course.
 */
export function callbackify<Result>(
  callback: ExpressStoreCallback<Result> | undefined,
  result: Promise<Result>,
): Promise<Result> {
  if (callback === undefined) return result;
  return result.then(
    (value) => {
      process.nextTick(callback, null, value);
      return value;
    },
    (error: unknown) => {
      process.nextTick(callback, error);
      return undefined as Result; // the callback has received it
    },
  );
}

/** Turns a synchronously thrown error into a rejection. */
export function attempt<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return act();
  } catch (error) {
    return Promise.reject(error);
  }
}
