import { RunningCall } from "../backend/call.ts";
import { closedError } from "../backend/call-errors.ts";
import { RunningCalls } from "../backend/running-calls.ts";
import { type Clock, scheduleDeadline } from "../clock.ts";
import type { CancelSource } from "../handler.ts";
import { MAX_STEP_MS } from "./commit/key-queue.ts";

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

  /** Runs a call that a signal can cancel: it rejects at once, while the work under way goes on to its end. */
  run<T>(cancellation: CancelSource | undefined, body: (call: RunningCall) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(closedError("The session manager", "not-applied"));
    if (cancellation === undefined) return this.#count(body(new RunningCall()));
    return this.#cancellable
      .run(true, cancellation, (call) => this.#count(body(call)).then(toValue, toError))
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
  #count<T>(running: Promise<T>): Promise<T> {
    this.#running += 1;
    running.then(this.#noteEnd, this.#noteEnd);
    return running;
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
