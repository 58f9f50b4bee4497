import type { Clock } from "sessionwire";

/**
 * Counts requests under way. A request that has taken longer than a call may take counts as over, even if its end was
 * never seen: on Workers, the end of a visitor's request discards everything that it was waiting for.
 */
export class UnderWay {
  readonly #limitMs: number;
  readonly #clock: Clock;
  /** The start time of each request, oldest first. */
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

  /** Returns a function to be called at the end. */
  begin(): () => void {
    const request = Symbol();
    this.#begun.set(request, this.#clock.monotonic());
    return () => this.#begun.delete(request);
  }
}
