import type { Clock } from "sessionwire";

/**
 * Counts requests under way. One that has taken longer than a call may take is over, though its end was never seen: on Workers
 * the end of a visitor's request takes everything with it that it was waiting for.
 */
export class UnderWay {
  readonly #limitMs: number;
  readonly #clock: Clock;
  /** The time at which each was begun, the oldest first. */
  readonly #begun = new Map<symbol, number>();

  constructor(limitMs: number, clock: Clock) {
    this.#limitMs = limitMs;
    this.#clock = clock;
  }

  get count(): number {
    const oldest = this.#clock.monotonic() - this.#limitMs;
    for (const [request, begun] of this.#begun) {
      if (begun >= oldest) break;
      this.#begun.delete(request);
    }
    return this.#begun.size;
  }

  /** Returns what is to be called at the end. */
  begin(): () => void {
    const request = Symbol();
    this.#begun.set(request, this.#clock.monotonic());
    return () => this.#begun.delete(request);
  }
}
