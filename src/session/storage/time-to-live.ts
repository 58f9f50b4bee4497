import type { Clock } from "../../clock.ts";
import type { SessionFormat, SessionLimits } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";

/** Computes the time that sessions have left, by the limits of their manager. */
export class TimeToLive {
  readonly #format: SessionFormat;
  readonly #limits: SessionLimits;
  readonly #clock: Clock;

  constructor(format: SessionFormat, limits: SessionLimits, clock: Clock) {
    this.#format = format;
    this.#limits = limits;
    this.#clock = clock;
  }

  /** Returns the time in whole milliseconds, as it is stored. */
  now(): number {
    return Math.floor(this.#clock.now());
  }

  /** Returns the time, in seconds, that a session has left if it is used now; 0 or less: none. */
  secondsLeft(record: SessionRecord, now: number = this.now()): number {
    return this.#format.ttlSeconds(record, this.#limits, now);
  }

  /** Returns the longest time to live, in seconds; without a lifetime, that of a session used now and never again. */
  longest(record: SessionRecord): number {
    return this.#limits.lifetimeSeconds ?? this.secondsLeft(record);
  }

  /** The time to live that a read may set, in seconds; `undefined` if it depends on the record. */
  get secondsOfRead(): number | undefined {
    return this.#format.ttlSecondsOfRead(this.#limits);
  }
}
