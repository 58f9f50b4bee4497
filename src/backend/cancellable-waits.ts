import { type Clock, scheduleAwaited } from "../clock.ts";
import type { CancelSource } from "../handler.ts";
import { CancelWatch } from "./cancel-watch.ts";

/**
 * The waits of a decorator's calls, each of which its caller or a close ends.
 *
 * @public
 */
export class CancellableWaits {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();
  readonly #watch = new CancelWatch();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** `true` once it is closed: nothing waits any more. */
  get isClosed(): boolean {
    return this.#isClosed;
  }

  /**
   * Resolves after the time, or at once when `sooner` has resolved, the caller has given up or the waits are closed.
   * Then nothing is left.
   */
  async wait(delayMs: number, cancellation: CancelSource | undefined, sooner?: Promise<unknown>): Promise<void> {
    if (delayMs <= 0 || this.#isClosed || cancellation?.aborted) return;
    await new Promise<void>((resolve) => {
      const end = () => {
        cancelTimer();
        this.#ends.delete(end);
        this.#watch.delete(call);
        resolve();
      };
      const call = { cancellation, onAbort: end };
      const cancelTimer = scheduleAwaited(this.#clock, end, delayMs);
      this.#ends.add(end);
      this.#watch.add(call);
      sooner?.then(end, end);
    });
  }

  /** Ends all waits, and every later one at once. */
  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
  }
}
