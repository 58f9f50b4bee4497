import { fillInOutcome, isSessionError, type Outcome, SessionError } from "../errors.ts";
import type { CancelSource } from "../handler.ts";
import type { RunningCall } from "./call.ts";
import { abortedError, closedError } from "./call-errors.ts";
import { CallList, type ListedCall } from "./call-list.ts";
import { CancelWatch, type WatchedCall } from "./cancel-watch.ts";
import { type CallHost, type CallLimits, type ErrorOf, PendingCall } from "./pending-call.ts";
import type { MaybePromise } from "./session-backend.ts";

/** The running calls of one handler. Closing the handler settles them. */
export class RunningCalls implements CallHost {
  readonly limits: CallLimits;
  readonly errorOf: ErrorOf;
  readonly #list: CallList;
  readonly #watch = new CancelWatch();
  #isClosed = false;

  constructor(limits: CallLimits, errorOf: ErrorOf = asSessionError) {
    this.limits = limits;
    this.errorOf = errorOf;
    // While one call is alive, V8 remembers the size of a call; otherwise a collection before the seventh call would
    // make it forget.
    this.#list = new CallList(limits.clock, limits.timeoutMs, new PendingCall(this, false, undefined));
  }

  /**
   * Runs `body`. Settles by its result, the deadline, the signal or {@link RunningCalls.close}, whichever comes first.
   * With `sent`, the call may have sent something at any time, unless it declares otherwise.
   */
  run<T>(
    changes: boolean,
    cancellation: CancelSource | undefined,
    body: (call: RunningCall) => MaybePromise<T>,
    sent = false,
  ): Promise<T> {
    const refusal = this.refusal(cancellation, changes ? "not-applied" : undefined);
    if (refusal) return Promise.reject(refusal);
    const call = new PendingCall<T>(this, changes, cancellation);
    call.sent = sent;
    try {
      return call.settleBy(body(call));
    } catch (error) {
      return Promise.reject(call.fail(error));
    }
  }

  /** Returns the error for a call that may not go on. */
  refusal(cancellation: CancelSource | undefined, outcome: Outcome | undefined): SessionError | undefined {
    if (this.#isClosed) return closedError(this.limits.name, outcome);
    return cancellation?.aborted ? abortedError(cancellation, outcome) : undefined;
  }

  add(call: ListedCall & WatchedCall): void {
    this.#list.add(call);
    if (call.cancellation) this.#watch.add(call);
  }

  delete(call: ListedCall & WatchedCall): void {
    this.#list.delete(call);
    if (call.cancellation) this.#watch.delete(call);
  }

  close(): void {
    this.#isClosed = true;
    for (const call of this.#list.toArray()) call.close();
    this.#list.clearTimer();
  }

  /** Closes the calls, then whatever they were made on, within the same deadline as a call. */
  async closeWith(close: () => void | Promise<void>): Promise<void> {
    this.close();
    const closing = new RunningCalls(this.limits);
    try {
      await closing.run(false, undefined, close);
    } finally {
      closing.close();
    }
  }
}

/** Adds what only the call knows. An outcome given by the backend is kept. */
function asSessionError(error: unknown, name: string, outcome: Outcome | undefined): unknown {
  if (isSessionError(error)) return outcome === undefined ? error : fillInOutcome(error, outcome);
  return new SessionError("failed", `${name} failed in an unexpected way.`, { cause: error, outcome });
}
