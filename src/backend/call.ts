import { SessionError } from "../errors.ts";
import type { Cancellation } from "../handler.ts";

/**
 * One running operation, as an adapter sees it. It is cancelled when the caller has been answered before the backend has.
 *
 * @public
 */
export interface Call extends Cancellation {
  /** Whether the caller has been answered already (aborted, out of time, closed): send nothing any more. */
  readonly ended: boolean;
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

/** A call under way. It cancels the calls that it leads to. */
export class RunningCall implements Call {
  ended = false;
  /** `true` once it may have had an effect. */
  sent = false;
  #hasSent = false;
  #givenUp: { readonly reason: unknown } | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** One function for most calls, which lead to one call at a time. */
  #listeners: (() => void) | Set<() => void> | undefined = undefined;

  get aborted(): boolean {
    return this.#givenUp !== undefined;
  }

  get reason(): unknown {
    return this.#givenUp?.reason;
  }

  /** Made when it is asked for: a signal and a listener for each call would cost more than many a call. */
  get signal(): AbortSignal {
    this.#controller ??= new AbortController();
    if (this.#givenUp) abort(this.#controller, this.#givenUp.reason);
    return this.#controller.signal;
  }

  notSentYet(): void {
    this.sent = this.#hasSent;
  }

  send<T>(request: () => Promise<T>): Promise<T> {
    if (this.ended) return Promise.reject(new SessionError("aborted", "The call has ended before it was sent."));
    this.#hasSent = true;
    this.sent = true;
    return attempt(request);
  }

  addEventListener(_type: "abort", listener: () => void): void {
    if (this.#listeners === undefined) this.#listeners = listener;
    else if (typeof this.#listeners === "function") this.#listeners = new Set([this.#listeners, listener]);
    else this.#listeners.add(listener);
  }

  removeEventListener(_type: "abort", listener: () => void): void {
    if (this.#listeners === listener) this.#listeners = undefined;
    else if (typeof this.#listeners === "object") this.#listeners.delete(listener);
  }

  abandon(reason: unknown): void {
    this.#givenUp = { reason };
    if (this.#controller) abort(this.#controller, reason);
    if (typeof this.#listeners === "function") this.#listeners();
    else for (const listener of this.#listeners ?? []) listener();
  }
}

function abort(controller: AbortController, reason: unknown): void {
  try {
    controller.abort(reason);
  } catch {
    // On Cloudflare Workers, no request can abort what another one has begun.
  }
}

/** Gives a promise in every case, also where somebody throws on the spot or returns none; and makes none that is not needed. */
export function attempt<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return Promise.reject(error);
  }
}
