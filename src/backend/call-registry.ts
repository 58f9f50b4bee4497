import type { Clock } from "../clock.ts";
import type { Outcome, SessionError } from "../errors.ts";
import type { CancelSource } from "../handler.ts";
import { abortedError } from "./call-errors.ts";

/** Ends a call from outside, if it has not ended. */
export type GiveUp = (errorOf: (outcome: Outcome | undefined) => SessionError) => void;

/** A call without a deadline is kept for so long, and each for so much longer than its deadline. */
const MAX_CALL_MS = 600_000;
const OVERDUE_MS = 60_000;

/** The calls of one handler that can be given up: by their own source of cancellation, or all together. */
export class CallRegistry {
  readonly #clock: Clock;
  readonly #overdueMs: number;
  /** When each was begun, the oldest first. */
  readonly #begun = new Map<GiveUp, number>();
  readonly #watched = new WeakMap<CancelSource, Watch>();

  constructor(clock: Clock, timeoutMs: number = MAX_CALL_MS) {
    this.#clock = clock;
    this.#overdueMs = timeoutMs + OVERDUE_MS;
  }

  add(giveUp: GiveUp, cancellation: CancelSource | undefined): void {
    const now = this.#clock.monotonic();
    // A call whose deadline has not come although it is long over has ended with the request that has set its timer.
    for (const [other, begun] of this.#begun) {
      if (now - begun < this.#overdueMs) break;
      this.#begun.delete(other);
    }
    this.#begun.set(giveUp, now);
    if (cancellation) this.#watch(cancellation, giveUp);
  }

  delete(giveUp: GiveUp, cancellation: CancelSource | undefined): void {
    this.#begun.delete(giveUp);
    if (cancellation) this.#unwatch(cancellation, giveUp);
  }

  giveUpAll(errorOf: (outcome: Outcome | undefined) => SessionError): void {
    for (const giveUp of this.#begun.keys()) giveUp(errorOf);
  }

  /** One listener serves all calls under one signal: Node warns of a leak when a signal has more than ten. */
  #watch(cancellation: CancelSource, giveUp: GiveUp): void {
    const watch = this.#watched.get(cancellation);
    if (watch) {
      watch.calls.add(giveUp);
      return;
    }
    const calls = new Set([giveUp]);
    const onAbort = () => {
      for (const call of calls) call((outcome) => abortedError(cancellation, outcome));
    };
    this.#watched.set(cancellation, { calls, onAbort });
    cancellation.addEventListener("abort", onAbort);
  }

  #unwatch(cancellation: CancelSource, giveUp: GiveUp): void {
    const watch = this.#watched.get(cancellation);
    if (!watch?.calls.delete(giveUp) || watch.calls.size > 0) return;
    this.#watched.delete(cancellation);
    cancellation.removeEventListener("abort", watch.onAbort);
  }
}

/** The calls that end with one signal, and the one listener that tells them. */
interface Watch {
  readonly calls: Set<GiveUp>;
  readonly onAbort: () => void;
}
