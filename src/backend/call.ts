import { type Clock, scheduleDeadline } from "../clock.ts";
import { fillInOutcome, isSessionError, type Outcome, SessionError } from "../errors.ts";

/**
 * One running operation, as an adapter sees it.
 *
 * @public
 */
export interface Call {
  /** Whether the caller has been answered already (aborted, out of time, closed): send nothing any more. */
  readonly ended: boolean;
  /**
   * Aborts when the caller has been answered before the backend has; for clients that take a signal. Asking for it counts as
   * sending.
   */
  readonly signal: AbortSignal;
  /**
   * Says that nothing has been sent, and that nothing will be but by `send` or under `signal`: until then, a call that fails or is
   * given up has the outcome `not-applied`. To be said before anything is waited for. Where it is not said, the outcome is `unknown`.
   */
  notSentYet(): void;
  /**
   * Sends the request, unless the call has ended. From here on nobody knows the outcome, unless the adapter does and throws a
   * `SessionError` with an outcome of its own.
   */
  send<T>(request: () => Promise<T>): Promise<T>;
}

/** What a call watches to see whether its caller has given up: an `AbortSignal`, or another {@link RunningCall}. */
export interface Abortion {
  readonly aborted: boolean;
  readonly reason: unknown;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** What ends a call from outside. */
export interface CallLimits {
  /** How the store is called in messages. */
  readonly name: string;
  readonly clock: Clock;
  /** Absent: no deadline, for a backend that cannot keep anybody waiting. */
  readonly timeoutMs: number | undefined;
}

/** A call without a deadline is kept for so long, and each for so much longer than its deadline. */
const MAX_CALL_MS = 600_000;
const OVERDUE_MS = 60_000;

/** The calls of one handler that are under way, so that closing it can settle them. */
export class RunningCalls {
  readonly #limits: CallLimits;
  /** When each was begun, the oldest first. */
  readonly #running = new Map<GiveUp, number>();
  readonly #watched = new WeakMap<Abortion, Watch>();
  #closed = false;

  constructor(limits: CallLimits) {
    this.#limits = limits;
  }

  /**
   * Runs `body`; settles by its result, the deadline, the signal or {@link RunningCalls.close}, whichever comes first. `sent`: it
   * may have sent something at any time, unless it says otherwise.
   */
  run<T>(
    changes: boolean,
    abortion: Abortion | undefined,
    body: (call: RunningCall) => T | Promise<T>,
    sent = false,
  ): Promise<T> {
    const { name, clock, timeoutMs } = this.#limits;
    if (this.#closed) return Promise.reject(closedError(name, notApplied(changes)));
    if (abortion?.aborted) return Promise.reject(abortedError(abortion, notApplied(changes)));
    return new Promise<T>((resolve, reject) => {
      const call = new RunningCall();
      call.sent = sent;
      const outcome = () => (changes ? (call.sent ? "unknown" : "not-applied") : undefined);
      const settle = (): boolean => {
        if (call.ended) return false;
        call.ended = true;
        this.#running.delete(giveUp);
        cancelTimer?.();
        if (abortion) this.#unwatch(abortion, giveUp);
        return true;
      };
      const giveUp: GiveUp = (errorOf) => {
        if (!settle()) return;
        const error = errorOf(outcome());
        reject(error);
        call.abandon(error);
      };
      this.#begin(giveUp);
      if (abortion) this.#watch(abortion, giveUp);
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

  /** Forgets calls whose deadline has not come although it is long over: it has ended with the request that has set it. */
  #begin(giveUp: GiveUp): void {
    const { clock, timeoutMs = MAX_CALL_MS } = this.#limits;
    const now = clock.monotonic();
    for (const [other, begun] of this.#running) {
      if (now - begun < timeoutMs + OVERDUE_MS) break;
      this.#running.delete(other);
    }
    this.#running.set(giveUp, now);
  }

  /** One listener serves all calls under one signal: Node warns of a leak when a signal has more than ten. */
  #watch(abortion: Abortion, giveUp: GiveUp): void {
    const watch = this.#watched.get(abortion);
    if (watch) {
      watch.calls.add(giveUp);
      return;
    }
    const calls = new Set([giveUp]);
    const onAbort = () => {
      for (const call of calls) call((outcome) => abortedError(abortion, outcome));
    };
    this.#watched.set(abortion, { calls, onAbort });
    abortion.addEventListener("abort", onAbort);
  }

  #unwatch(abortion: Abortion, giveUp: GiveUp): void {
    const watch = this.#watched.get(abortion);
    if (!watch?.calls.delete(giveUp) || watch.calls.size > 0) return;
    this.#watched.delete(abortion);
    abortion.removeEventListener("abort", watch.onAbort);
  }

  close(): void {
    this.#closed = true;
    for (const giveUp of this.#running.keys()) giveUp((outcome) => closedError(this.#limits.name, outcome));
  }

  /** Closes, and then closes what the calls were made on, within the same deadline as a call. */
  closeWith(close: () => void | Promise<void>): Promise<void> {
    this.close();
    return new RunningCalls(this.#limits).run(false, undefined, close);
  }
}

/** The calls that end with one signal, and the one listener that tells them. */
interface Watch {
  readonly calls: Set<GiveUp>;
  readonly onAbort: () => void;
}

type GiveUp = (errorOf: (outcome: Outcome | undefined) => SessionError) => void;

/** A call under way. It is an {@link Abortion} for the calls that it leads to. */
export class RunningCall implements Call, Abortion {
  ended = false;
  sent = false;
  aborted = false;
  reason: unknown;
  #hasSent = false;
  #controller: AbortController | undefined;
  #listeners: Set<() => void> | undefined;

  /** Made when it is asked for: a signal and a listener for each call would cost more than many a call. */
  get signal(): AbortSignal {
    this.#noteSent();
    this.#controller ??= new AbortController();
    return this.#controller.signal;
  }

  notSentYet(): void {
    this.sent = this.#hasSent;
  }

  async send<T>(request: () => Promise<T>): Promise<T> {
    if (this.ended) throw new SessionError("aborted", "The call has ended before it was sent.");
    this.#noteSent();
    return request();
  }

  addEventListener(_type: "abort", listener: () => void): void {
    this.#listeners ??= new Set();
    this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    this.#listeners?.delete(listener);
  }

  #noteSent(): void {
    this.#hasSent = true;
    this.sent = true;
  }

  abandon(reason: SessionError): void {
    this.aborted = true;
    this.reason = reason;
    try {
      this.#controller?.abort(reason);
    } catch {
      // On Cloudflare Workers, no request can abort what another one has begun.
    }
    for (const listener of this.#listeners ?? []) listener();
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

export function abortedError({ reason }: Abortion, outcome?: Outcome): SessionError {
  return new SessionError("aborted", "The operation was aborted.", { cause: reason, outcome });
}

export function timeoutError(name: string, timeoutMs: number, outcome?: Outcome): SessionError {
  return new SessionError("timeout", `${name} did not answer within ${timeoutMs} ms.`, { outcome });
}

export function closedError(name: string, outcome?: Outcome): SessionError {
  return new SessionError("closed", `${name} is closed.`, { outcome });
}
