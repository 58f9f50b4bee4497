import { RunningCall } from "../backend/call.ts";
import { closedError } from "../backend/call-errors.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import { type Clock, scheduleDeadline } from "../clock.ts";
import type { CancelSource } from "../handler.ts";

/**
 * Maximum time for which others wait for a single reply of the store to a caller that is there. It is longer than the
 * deadline of a call on any handler of this package with its connection check and default options (6 s).
 */
export const MAX_STEP_MS = 10_000;

/** The running calls of a manager and its sessions. */
export class SessionCalls {
  readonly #clock: Clock;
  readonly #cancellable: RunningCalls;
  readonly #whenIdle = new Set<() => void>();
  #running = 0;
  #ended = 0;
  #isClosed = false;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#cancellable = new RunningCalls({ name: "The session", clock, timeoutMs: undefined });
  }

  /**
   * Runs a call that a signal can cancel: it rejects at once, while the work under way goes on to its end. Resolves with
   * what `conclude` makes of its result.
   */
  run<T, Result = T>(
    cancellation: CancelSource | undefined,
    body: (call: RunningCall) => Promise<T>,
    conclude?: (result: T) => Result | Promise<Result>,
  ): Promise<Result> {
    if (this.#isClosed) return Promise.reject(closedError("The session manager", "not-applied"));
    if (cancellation === undefined) return this.#count(body(new RunningCall()), conclude);
    return this.#cancellable
      .run(true, cancellation, (call) => this.#count(body(call), conclude).then(toValue, toError))
      .then(toResult);
  }

  /** Accepts no new calls. Resolves when all running calls have ended, or when none of them has ended for too long. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (let ended = -1; this.#running > 0 && ended !== this.#ended; ) {
      ended = this.#ended;
      await this.#idle();
    }
  }

  /** Counts the promises instead of keeping them: those whose callers have left never settle, and would leak. */
  #count<T, Result>(running: Promise<T>, conclude?: (result: T) => Result | Promise<Result>): Promise<Result> {
    this.#running += 1;
    if (conclude === undefined) {
      running.then(this.#noteEnd, this.#noteEnd);
      return running as Promise<unknown> as Promise<Result>; // without a conclusion, the result of the call
    }
    return running.then(
      (result) => {
        this.#noteEnd();
        return conclude(result);
      },
      (error) => {
        this.#noteEnd();
        throw error;
      },
    );
  }

  readonly #noteEnd = (): void => {
    this.#running -= 1;
    this.#ended += 1;
    if (this.#running === 0) for (const resolve of this.#whenIdle) resolve();
  };

  /** Resolves when no call is running, or after a maximum time. */
  async #idle(): Promise<void> {
    let cancelTimer = () => {};
    await new Promise<void>((resolve) => {
      cancelTimer = scheduleDeadline(this.#clock, resolve, MAX_STEP_MS);
      this.#whenIdle.add(resolve);
    });
    cancelTimer();
  }
}

/** The result of a call. An error is kept unchanged, because it may be the application's own. */
type Result<T> = { readonly value: T } | { readonly error: unknown };

function toValue<T>(value: T): Result<T> {
  return { value };
}

function toError(error: unknown): Result<never> {
  return { error };
}

function toResult<T>(result: Result<T>): T {
  if ("error" in result) throw result.error;
  return result.value;
}
