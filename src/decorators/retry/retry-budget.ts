/** The number of calls that give back one retry: retries are at most a tenth of the calls in the long run. */
const CALLS_PER_RETRY = 10;

/**
 * Limits the retries of all callers together, so that a store in trouble does not get a multiple of its load.
 *
 * @remarks
 * It is a token bucket, which calls fill and retries empty, as in Finagle (https://finagle.github.io/blog/2016/02/08/retry-budgets)
 * and in the retry throttling of gRPC (https://github.com/grpc/proposal/blob/master/A6-client-retries.md). A tenth of
 * the calls is the limit of a client in Google's "Site Reliability Engineering", chapter 21
 * (https://sre.google/sre-book/handling-overload/).
 */
export class RetryBudget {
  readonly #capacity: number;
  /** Counts calls, of which a retry takes {@link CALLS_PER_RETRY}. */
  #calls: number;

  constructor(retries: number) {
    this.#capacity = retries * CALLS_PER_RETRY;
    this.#calls = this.#capacity;
  }

  addCall(): void {
    if (this.#calls < this.#capacity) this.#calls += 1;
  }

  /** Takes one retry, and returns `false` if there is none. */
  take(): boolean {
    if (this.#calls < CALLS_PER_RETRY) return false;
    this.#calls -= CALLS_PER_RETRY;
    return true;
  }
}
