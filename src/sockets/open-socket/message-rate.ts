import type { Clock } from "../../clock.ts";

const MINUTE_MS = 60_000;

/** Limits the messages of one socket: a minute's allowance at once, then as many as the elapsed time restores. */
export class MessageRate {
  readonly #clock: Clock;
  readonly #perMinute: number;
  #left: number;
  #countedAt: number;

  constructor(clock: Clock, perMinute: number) {
    this.#clock = clock;
    this.#perMinute = perMinute;
    this.#left = perMinute;
    this.#countedAt = clock.monotonic();
  }

  /** Counts a message. Returns `false` if it exceeds the limit. */
  take(): boolean {
    const now = this.#clock.monotonic();
    const earned = ((now - this.#countedAt) / MINUTE_MS) * this.#perMinute;
    this.#left = Math.min(this.#perMinute, this.#left + earned);
    this.#countedAt = now;
    if (this.#left < 1) return false;
    this.#left -= 1;
    return true;
  }
}
