import type { Clock } from "../../clock.ts";
import { RecentlyUsed } from "../../recently-used.ts";

const MAX_KEYS = 10_000;

/** Keys, and when each was added last; of as many as are worth remembering. */
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

  /** `Infinity` for what has not been added, or has been forgotten. */
  ageMs(key: string): number {
    return this.#clock.monotonic() - (this.#addedAt.get(key) ?? -Infinity);
  }
}
