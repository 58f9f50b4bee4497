import type { Clock } from "../../clock.ts";
import { RecentlyUsed } from "../../recently-used.ts";

const MAX_KEYS = 10_000;

/** The most recent keys, and the time at which each was last added. */
export class RecentKeys {
  readonly #addedAt = new RecentlyUsed<number>(MAX_KEYS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  add(key: string): void {
    this.#addedAt.set(key, this.#clock.monotonic());
  }

  has(key: string): boolean {
    return this.#addedAt.has(key);
  }

  delete(key: string): void {
    this.#addedAt.delete(key);
  }

  /** Returns the age in milliseconds; `Infinity` for a key that was not added, or was forgotten. */
  ageMs(key: string): number {
    return this.#clock.monotonic() - (this.#addedAt.get(key) ?? -Infinity);
  }
}
