import type { Call } from "./call.ts";

/**
 * Lets several calls wait for one thing together, for instance for a connection that is being opened.
 *
 * @remarks
 * The wait does not depend on the call that began it. But once every caller that requested a renewal has left, and no
 * other caller waits, it is given up: the next caller must not wait for something that may never be answered.
 *
 * @public
 */
export class SharedWait {
  readonly #joined = new Set<Pick<Call, "ended">>();
  #renewals = 0;

  /** `true` while a caller that requested a renewal has not left. */
  get isRenewal(): boolean {
    return this.#renewals > 0;
  }

  /** Waits, and keeps the shared wait going until `call` has ended. */
  async join<T>(result: Promise<T>, call: Pick<Call, "ended"> | undefined): Promise<T> {
    if (call) this.#joined.add(call);
    try {
      return await result;
    } finally {
      if (call) this.#joined.delete(call);
    }
  }

  /**
   * Waits as a caller that requested a renewal, and leaves when the `signal` aborts. Calls `giveUp` once no caller is
   * left.
   */
  async renew<T>(result: Promise<T>, signal: AbortSignal, giveUp: () => void): Promise<T> {
    const leave = () => {
      this.#renewals -= 1;
      if (this.#renewals === 0 && !this.#isAwaited) giveUp();
    };
    this.#renewals += 1;
    signal.addEventListener("abort", leave);
    try {
      return await result;
    } finally {
      signal.removeEventListener("abort", leave);
    }
  }

  get #isAwaited(): boolean {
    return [...this.#joined].some(({ ended }) => !ended);
  }
}
