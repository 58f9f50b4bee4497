/**
 * A policy under which operations are executed: one of cockatiel (a circuit breaker, a bulkhead, a timeout, a retry, or
 * several of them, wrapped), or anything else with `execute`.
 *
 * @public
 */
export interface ExecutionPolicy {
  /**
   * Runs an operation, once or several times, now or later, or not at all. `signal` is the caller's; that of `context`
   * is the policy's own, by which it ends a run.
   */
  execute<T>(
    run: (context?: { readonly signal?: AbortSignal | undefined }) => Promise<T>,
    signal?: AbortSignal,
  ): PromiseLike<unknown>;
}
