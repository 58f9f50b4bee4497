import { type Clock, SessionError } from "sessionwire";
import { type Call, SharedWait } from "sessionwire/backend";
import type { CancellableTask } from "./cancellable-task.ts";

/** A caller that waits for a task. */
type Waiter = Pick<Call, "ended">;

/** Tolerance for a task that ends late because the process was suspended for a moment, in ms. */
const OVERDUE_MS = 500;

/**
 * Runs one task at a time, shared by all callers that need its result. No caller depends on the one that started it: if
 * that one gives up, the task goes on for the others, and a task that overruns, because its timers went with the caller
 * that started it, is started again.
 */
export class SharedTask<T> {
  readonly #clock: Clock;
  readonly #withinMs: number;
  #running: Running<T> | undefined;

  /** Takes the time within which each task ends by itself, in ms. */
  constructor(clock: Clock, withinMs: number) {
    this.#clock = clock;
    this.#withinMs = withinMs;
  }

  get isRunning(): boolean {
    return this.#current !== undefined;
  }

  /** Waits for the task under way, or starts one; if it is replaced, waits for its replacement. */
  async join(start: () => CancellableTask<T>, waiter?: Waiter): Promise<T> {
    for (;;) {
      const running = this.#current ?? this.#begin(start);
      try {
        return await running.waiting.join(running.result, waiter);
      } catch (error) {
        if (!running.isReplaced || waiter?.ended) throw error;
      }
    }
  }

  /**
   * Waits for a fresh task: the one under way is replaced, unless it was itself started by `renew`. When all callers
   * that wait for it have given up, the task is cancelled.
   */
  async renew(start: () => CancellableTask<T>, signal: AbortSignal, givenUp: SessionError): Promise<T> {
    let running = this.#current;
    if (!running?.waiting.isRenewal) {
      running?.replace();
      running = this.#begin(start);
    }
    const { result, cancel } = running;
    return running.waiting.renew(result, signal, () => cancel(givenUp));
  }

  cancel(reason: SessionError): void {
    this.#running?.cancel(reason);
  }

  /** The task under way, if it can still end by itself. */
  get #current(): Running<T> | undefined {
    const running = this.#running;
    if (running && this.#clock.monotonic() - running.begunAt > this.#withinMs + OVERDUE_MS) running.replace();
    return this.#running;
  }

  #begin(start: () => CancellableTask<T>): Running<T> {
    const task = start();
    const forget = () => {
      if (this.#running === running) this.#running = undefined;
    };
    const running: Running<T> = {
      begunAt: this.#clock.monotonic(),
      waiting: new SharedWait(),
      isReplaced: false,
      result: task.result.finally(forget),
      cancel(reason) {
        forget();
        task.cancel(reason);
      },
      replace() {
        running.isReplaced = true;
        running.cancel(new SessionError("unavailable", "The connection to Redis is being replaced."));
      },
    };
    this.#running = running;
    running.result.catch(() => {}); // its callers may all have been answered already
    return running;
  }
}

interface Running<T> extends CancellableTask<T> {
  readonly begunAt: number;
  readonly waiting: SharedWait;
  /** `true` if another task replaces it. */
  isReplaced: boolean;
  replace(): void;
}
