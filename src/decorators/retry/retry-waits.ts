import { CancelWatch } from "../../backend/cancel-watch.ts";
import { type Clock, scheduleAwaited } from "../../clock.ts";
import type { CancelSource } from "../../handler.ts";

/** The calls that wait for their next attempt. */
export class RetryWaits {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();
  readonly #watch = new CancelWatch();
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Resolves after the time, or at once when the caller has given up or the handler is closed. Then nothing is left. */
  async wait(delayMs: number, cancellation: CancelSource | undefined): Promise<void> {
    if (delayMs === 0 || this.#isClosed || cancellation?.aborted) return;
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
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end();
  }
}
