/**
 * Called with an error, or with `null` and the result.
 *
 * @public
 */
export type ExpressStoreCallback<Result = void> = (error?: unknown, result?: Result) => void;

/** Hands the result to the callback if there is one. What the callback throws is its own, and goes where it would without us. */
export async function answer<Result>(
  callback: ExpressStoreCallback<Result> | undefined,
  act: () => Promise<Result>,
): Promise<Result> {
  const result = act();
  if (callback === undefined) return result;
  result.then(
    (value) => process.nextTick(callback, null, value),
    (error: unknown) => process.nextTick(callback, error),
  );
  return result.catch(() => undefined as Result); // it was told
}
