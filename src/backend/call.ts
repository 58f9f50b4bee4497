import { type Clock, scheduleDeadline } from "../clock.ts";
import { fillInOutcome, isSessionError, type Outcome, SessionError } from "../errors.ts";
import type { Cancellation, CancelSource } from "../handler.ts";
import { abortedError, closedError, timeoutError } from "./call-errors.ts";
import { CallRegistry, type GiveUp } from "./call-registry.ts";

/**
 * One running operation, as an adapter sees it.
 *
 * @public
 */
export interface Call {
  /** Whether the caller has been answered already (aborted, out of time, closed): send nothing any more. */
  readonly ended: boolean;
  /** Aborts when the caller has been answered before the backend has; for clients that take a signal. */
  readonly signal: AbortSignal;
  /**
   * Says that nothing has been sent, and that nothing will be but by `send`: until then, a call that fails or is given up has the
   * outcome `not-applied`. To be said before anything is waited for. Where it is not said, the outcome is `unknown`.
   */
  notSentYet(): void;
  /**
   * Sends the request, unless the call has ended. From here on nobody knows the outcome, unless the adapter does and throws a
   * `SessionError` with an outcome of its own.
   */
  send<T>(request: () => Promise<T>): Promise<T>;
}

/** What ends a call from outside. */
export interface CallLimits {
  /** How the store is called in messages. */
  readonly name: string;
  readonly clock: Clock;
  /** Absent: no deadline, for a backend that cannot keep anybody waiting. */
  readonly timeoutMs: number | undefined;
}

/** The calls of one handler that are under way, so that closing it can settle them. */
export class RunningCalls {
  readonly #limits: CallLimits;
  readonly #running: CallRegistry;
  #closed = false;

  constructor(limits: CallLimits) {
    this.#limits = limits;
    this.#running = new CallRegistry(limits.clock, limits.timeoutMs);
  }

  /**
   * Runs `body`; settles by its result, the deadline, the signal or {@link RunningCalls.close}, whichever comes first. `sent`: it
   * may have sent something at any time, unless it says otherwise.
   */
  run<T>(
    changes: boolean,
    cancellation: CancelSource | undefined,
    body: (call: RunningCall) => T | Promise<T>,
    sent = false,
  ): Promise<T> {
    const { name, clock, timeoutMs } = this.#limits;
    if (this.#closed) return Promise.reject(closedError(name, notApplied(changes)));
    if (cancellation?.aborted) return Promise.reject(abortedError(cancellation, notApplied(changes)));
    return new Promise<T>((resolve, reject) => {
      const call = new RunningCall();
      call.sent = sent;
      const outcome = () => (changes ? (call.sent ? "unknown" : "not-applied") : undefined);
      const settle = (): boolean => {
        if (call.ended) return false;
        call.ended = true;
        this.#running.delete(giveUp, cancellation);
        cancelTimer?.();
        return true;
      };
      const giveUp: GiveUp = (errorOf) => {
        if (!settle()) return;
        const error = errorOf(outcome());
        reject(error);
        call.abandon(error);
      };
      this.#running.add(giveUp, cancellation);
      const cancelTimer =
        timeoutMs === undefined
          ? undefined
          : scheduleDeadline(clock, () => giveUp((outcome) => timeoutError(name, timeoutMs, outcome)), timeoutMs);
      // What the backend answers after its caller has been answered is dropped by `settle`, a late rejection included.
      attempt(body, call).then(
        (result) => settle() && resolve(result),
        (error: unknown) => settle() && reject(asSessionError(error, name, outcome())),
      );
    });
  }

  close(): void {
    this.#closed = true;
    this.#running.giveUpAll((outcome) => closedError(this.#limits.name, outcome));
  }

  /** Closes, and then closes what the calls were made on, within the same deadline as a call. */
  closeWith(close: () => void | Promise<void>): Promise<void> {
    this.close();
    return new RunningCalls(this.#limits).run(false, undefined, close);
  }
}

/** A call under way. It cancels the calls that it leads to. */
export class RunningCall implements Call, Cancellation {
  ended = false;
  sent = false;
  aborted = false;
  reason: unknown;
  #hasSent = false;
  #controller: AbortController | undefined;
  #listeners: Set<() => void> | undefined;

  /** Made when it is asked for: a signal and a listener for each call would cost more than many a call. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.aborted) this.#abort(this.#controller);
    return this.#controller.signal;
  }

  notSentYet(): void {
    this.sent = this.#hasSent;
  }

  async send<T>(request: () => Promise<T>): Promise<T> {
    if (this.ended) throw new SessionError("aborted", "The call has ended before it was sent.");
    this.#hasSent = true;
    this.sent = true;
    return request();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  abandon(reason: SessionError): void {
    this.aborted = true;
    this.reason = reason;
    if (this.#controller) this.#abort(this.#controller);
    for (const listener of this.#listeners ?? []) listener();
  }

  #abort(controller: AbortController): void {
    try {
      controller.abort(this.reason);
    } catch {
      // On Cloudflare Workers, no request can abort what another one has begun.
    }
  }
}

async function attempt<T>(body: (call: RunningCall) => T | Promise<T>, call: RunningCall): Promise<T> {
  return body(call);
}

/** Fills in what only the call knows; a backend's own word on the outcome stands. */
function asSessionError(error: unknown, name: string, outcome: Outcome | undefined): unknown {
  if (isSessionError(error)) return outcome === undefined ? error : fillInOutcome(error, outcome);
  return new SessionError("failed", `${name} failed in an unexpected way.`, { cause: error, outcome });
}

function notApplied(changes: boolean): Outcome | undefined {
  return changes ? "not-applied" : undefined;
}
