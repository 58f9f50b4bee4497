import type { Call } from "./call.ts";

/**
 * The calls that wait for one thing together, a connection that is being opened for instance.
 *
 * @remarks
 * Nobody depends on the call that began it. But when all have left who asked for it anew, and nobody else waits, it is given up: the
 * next one must not wait for what may have no answer to hope for.
 *
 * @public
 */
export class SharedWait {
  readonly #joined = new Set<Pick<Call, "ended">>();
  #renewals = 0;

  /** `true` while somebody who has asked for it anew has not left. */
  get isRenewal(): boolean {
    return this.#renewals > 0;
  }

  /** Waits as one of those for whom it goes on, until `call` has ended. */
  async join<T>(result: Promise<T>, call: Pick<Call, "ended"> | undefined): Promise<T> {
    if (call) this.#joined.add(call);
    try {
      return await result;
    } finally {
      if (call) this.#joined.delete(call);
    }
  }

  /** Waits as one who has asked for it anew, and leaves by the `signal`. `giveUp` is called when nobody is left. */
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
