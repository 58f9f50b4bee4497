/**
 * Called with an error, or with `null` and the result.
 *
 * @public
 */
export type ExpressStoreCallback<Result = void> = (error?: unknown, result?: Result) => void;

/**
 * Hands the result to the callback if there is one; whoever awaits it all the same hears of no error, as the callback has. What the
 * callback throws is its own, and goes where it would without us.
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
      return undefined as Result; // it was told
    },
  );
}

/** Turns an error thrown on the spot into a rejection. */
export function attempt<Result>(act: () => Promise<Result>): Promise<Result> {
  try {
    return act();
  } catch (error) {
    return Promise.reject(error);
  }
}
