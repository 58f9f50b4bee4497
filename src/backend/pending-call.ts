import type { Clock } from "../clock.ts";
import type { Outcome, SessionError } from "../errors.ts";
import type { CancelSource } from "../handler.ts";
import { RunningCall } from "./call.ts";
import { abortedError, closedError, timeoutError } from "./call-errors.ts";
import type { ListedCall } from "./call-list.ts";
import type { WatchedCall } from "./cancel-watch.ts";
import type { MaybePromise } from "./session-backend.ts";

/** The limits that end a call from outside. */
export interface CallLimits {
  /** The name of the store in messages. */
  readonly name: string;
  readonly clock: Clock;
  /** Absent: no deadline, for a backend that never keeps its callers waiting. */
  readonly timeoutMs: number | undefined;
}

/** Returns the error with which a call that failed with `error` rejects. */
export type ErrorOf = (error: unknown, name: string, outcome: Outcome | undefined) => unknown;

/** The running calls that a call belongs to. */
export interface CallHost {
  readonly limits: CallLimits;
  readonly errorOf: ErrorOf;
  /** Returns the error for a call that may not go on. */
  refusal(cancellation: CancelSource | undefined, outcome: Outcome | undefined): SessionError | undefined;
  add(call: ListedCall & WatchedCall): void;
  delete(call: ListedCall & WatchedCall): void;
}

/** A call that settles when it has a result, times out, is aborted or is closed. */
export class PendingCall<T> extends RunningCall implements ListedCall, WatchedCall {
  readonly changes: boolean;
  readonly cancellation: CancelSource | undefined;
  begunAt: number = Number.NaN;
  older: ListedCall = this;
  newer: ListedCall = this;
  cancelTimer: (() => void) | undefined = undefined;
  readonly #host: CallHost;
  #reject: ((error: unknown) => void) | undefined = undefined;
  #onAbort: (() => void) | undefined = undefined;
  #isListed = false;

  constructor(host: CallHost, changes: boolean, cancellation: CancelSource | undefined) {
    super();
    this.#host = host;
    this.changes = changes;
    this.cancellation = cancellation;
  }

  /** The outcome of the call if it ended now. */
  get outcome(): Outcome | undefined {
    if (!this.changes) return undefined;
    return this.sent ? "unknown" : "not-applied";
  }

  /**
   * Settles the call by the answer. An answer that comes after the caller was answered is dropped, even if it is a
   * rejection.
   */
  settleBy(answer: MaybePromise<T>): Promise<T> {
    if (!isPromise(answer)) {
      this.ended = true;
      return Promise.resolve(answer);
    }
    this.list();
    return new Promise<T>((resolve, reject) => {
      this.#reject = reject;
      Promise.resolve(answer).then(
        (result) => this.#end() && resolve(result),
        (error: unknown) => this.#end() && reject(this.#errorOf(error)),
      );
      this.endIfRefused();
    });
  }

  /** Ends a call that nobody waits for yet. Returns the error with which it rejects. */
  fail(error: unknown): unknown {
    this.ended = true;
    return this.#errorOf(error);
  }

  timeOut(): void {
    const { name, timeoutMs = 0 } = this.#host.limits;
    this.giveUp(timeoutError(name, timeoutMs, this.outcome));
  }

  /** The same function each time, created on first access. */
  get onAbort(): () => void {
    this.#onAbort ??= () => {
      if (this.cancellation) this.giveUp(abortedError(this.cancellation, this.outcome));
    };
    return this.#onAbort;
  }

  close(): void {
    this.giveUp(closedError(this.#host.limits.name, this.outcome));
  }

  /** Makes the call end when its caller, `close` or its deadline ends it. */
  protected list(): void {
    if (this.#isListed || this.ended) return;
    this.#isListed = true;
    this.#host.add(this);
  }

  protected unlist(): void {
    if (!this.#isListed) return;
    this.#isListed = false;
    this.#host.delete(this);
  }

  protected refusal(): SessionError | undefined {
    return this.#host.refusal(this.cancellation, this.outcome);
  }

  /** Ends the call if it may not go on, with `error` if given. */
  protected endIfRefused(error?: unknown): void {
    const refusal = this.ended ? undefined : this.refusal();
    if (refusal) this.giveUp(error ?? refusal);
  }

  protected giveUp(error: unknown): void {
    if (!this.#end()) return;
    const reason = this.#errorOf(error);
    this.#reject?.(reason);
    this.abandon(reason);
  }

  #end(): boolean {
    if (this.ended) return false;
    this.ended = true;
    this.unlist();
    return true;
  }

  #errorOf(error: unknown): unknown {
    return this.#host.errorOf(error, this.#host.limits.name, this.outcome);
  }
}

export function isPromise<T>(answer: MaybePromise<T>): answer is Promise<T> {
  return typeof (answer as { then?: unknown } | null | undefined)?.then === "function";
}
