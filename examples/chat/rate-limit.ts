/** Admits a burst at once, and then one message every `everyMs`. */
export class RateLimit {
  readonly #burst: number;
  readonly #everyMs: number;
  #left: number;
  #countedAt = performance.now();

  constructor({ burst, everyMs }: { readonly burst: number; readonly everyMs: number }) {
    this.#burst = burst;
    this.#everyMs = everyMs;
    this.#left = burst;
  }

  /** Returns true if one more message may pass. */
  take(): boolean {
    const now = performance.now();
    this.#left = Math.min(this.#burst, this.#left + (now - this.#countedAt) / this.#everyMs);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
