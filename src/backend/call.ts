import { SessionError } from "../errors.ts";
import type { Cancellation } from "../handler.ts";

/**
 * One running operation, as an adapter sees it. It is cancelled if the caller has been answered before the backend has
 * answered.
 *
 * @public
 */
export interface Call extends Cancellation {
  /** `true` once the caller has been answered (aborted, timed out, closed): send nothing any more. */
  readonly ended: boolean;
  /**
   * Declares that nothing has been sent yet, and that only `send` will send anything. Until then, a call that fails or
   * is given up has the outcome `not-applied`. Call it before waiting for anything. Without this declaration, the
   * outcome is `unknown`.
   */
  notSentYet(): void;
  /**
   * Sends the request, unless the call has ended. From here on the outcome is unknown, unless the adapter knows it and
   * throws a `SessionError` with an outcome of its own.
   */
  send<T>(request: () => Promise<T>): Promise<T>;
}

/** A running call. It cancels the calls that it makes in turn. */
export class RunningCall implements Call {
  ended = false;
  /** `true` once the call may have had an effect. */
  sent = false;
  #hasSent = false;
  #givenUp: { readonly reason: unknown } | undefined = undefined;
  #controller: AbortController | undefined = undefined;
  /** A single function for most calls, which make one call at a time. */
  #listeners: (() => void) | Set<() => void> | undefined = undefined;

  get aborted(): boolean {
    return this.#givenUp !== undefined;
  }

  get reason(): unknown {
    return this.#givenUp?.reason;
  }

  /** Created on demand: a signal and a listener for each call would often cost more than the call itself. */
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
    // On Cloudflare Workers, a request cannot abort what another request has begun.
  }
}

/**
 * Returns a promise in every case, even if `run` throws synchronously or returns none. Creates no promise that is not
 * needed.
 */
export function attempt<T>(run: () => T | Promise<T>): Promise<T> {
  try {
    return Promise.resolve(run());
  } catch (error) {
    return Promise.reject(error);
  }
}
