/** A task under way that can be cancelled. It then rejects with the reason and leaves nothing behind. */
export interface CancellableTask<T> {
  readonly result: Promise<T>;
  cancel(reason: unknown): void;
}

/** Runs one task, and then another with its result. */
export function chain<A, B>(first: CancellableTask<A>, next: (result: A) => CancellableTask<B>): CancellableTask<B> {
  let current: Pick<CancellableTask<unknown>, "cancel"> = first;
  let cancelled: { readonly reason: unknown } | undefined;
  const result = first.result.then((value) => {
    if (cancelled) throw cancelled.reason; // cancelled between the end of the first and the start of the second
    const second = next(value);
    current = second;
    return second.result;
  });
  return {
    result,
    cancel(reason) {
      cancelled = { reason };
      current.cancel(reason);
    },
  };
}
