import { attempt } from "../backend/call.ts";
import { isPromise } from "../backend/pending-call.ts";
import { isSessionError, SessionError } from "../errors.ts";
import { type CallResult, type ObservedCall, resultOf } from "./observed-call.ts";

/**
 * Sees each call that is passed on to a store. It cannot change a call.
 *
 * @public
 */
export interface SessionObserver {
  /**
   * `false` while nobody listens. It is read before each call; an operation that nobody observes costs next to nothing.
   *
   * @defaultValue `true`
   */
  readonly isListening?: boolean;
  /** Called before a call is passed on. Returns an observer of this call, or `undefined` to ignore it. */
  begin(call: ObservedCall): CallObserver | undefined;
}

/**
 * Observes one call. Exactly one of `answered` and `failed` is called when the call ends, before the caller is
 * answered.
 *
 * @public
 */
export interface CallObserver {
  /**
   * Runs `passOn`, which passes the call on, in a context of its own: that of an `AsyncLocalStorage`, for instance. A
   * call that it has not passed on is passed on afterwards.
   */
  run?(passOn: () => void): void;
  /** The store has answered. */
  answered?(result: CallResult): void;
  /** The call has failed. The error of a handler that throws foreign errors lacks its cause here. */
  failed?(error: SessionError): void;
}

/** Reports calls to an observer, whatever that does. */
export class Observation {
  readonly #observer: SessionObserver;
  readonly #onError: (error: unknown) => void;

  constructor(observer: SessionObserver, onError: (error: unknown) => void) {
    this.#observer = observer;
    this.#onError = onError;
  }

  get isHeard(): boolean {
    return this.#observer.isListening !== false;
  }

  /** Passes a call on, and reports how it begins and ends. */
  watch<T>(call: ObservedCall, ask: () => Promise<T>): Promise<T> {
    const observer = this.isHeard ? this.#safely(() => this.#observer.begin(call)) : undefined;
    if (!observer) return ask();
    const answer = this.#passOn(observer, ask);
    return answer.then(
      (result) => {
        this.#safely(() => observer.answered?.(resultOf(call.kind, result)));
        return result;
      },
      (error: unknown) => {
        this.#safely(() => observer.failed?.(errorFor(call, error)));
        throw error;
      },
    );
  }

  #passOn<T>(observer: CallObserver, ask: () => Promise<T>): Promise<T> {
    let answer: Promise<T> | undefined;
    const passOn = () => {
      answer ??= attempt(ask);
    };
    if (observer.run) this.#safely(() => observer.run?.(passOn));
    passOn();
    return answer ?? attempt(ask); // which `passOn` has done, but the compiler cannot see it
  }

  /** Runs a part of the observer. Its errors, on the spot or later, never reach the call. */
  #safely<T>(run: () => T): T | undefined {
    try {
      const result = run();
      if (isPromise<unknown>(result)) result.then(undefined, (error: unknown) => this.#report(error));
      return result;
    } catch (error) {
      this.#report(error);
      return undefined;
    }
  }

  #report(error: unknown): void {
    try {
      this.#onError(error);
    } catch (thrown) {
      logError(thrown);
    }
  }
}

/** Shows an error that no caller may get: an observer must neither fail a call nor fail in silence. */
export function logError(error: unknown): void {
  // biome-ignore lint/suspicious/noConsole: the one place of the core that nobody else could hear
  console.error(error);
}

/** Leaves out the foreign part of an error, because an id may stand in it. */
function errorFor({ changes }: ObservedCall, error: unknown): SessionError {
  if (isSessionError(error)) return error;
  const outcome = changes ? "unknown" : undefined;
  return new SessionError("failed", "The handler failed in an unexpected way.", { outcome });
}
