import type { Clock } from "../../clock.ts";
import type { SessionFormat, SessionLimits } from "../../formats/format.ts";
import type { SessionRecord } from "../../formats/record.ts";

/** The time that sessions have left, by the limits of their manager. */
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

  /** In a format without a lifetime, the time of a session which is used now and not any more. */
  longest(record: SessionRecord): number {
    return this.#limits.lifetimeSeconds ?? this.secondsLeft(record);
  }

  /** The time to live that a read may set, in a format where it is that of all sessions and not said by the record. */
  get secondsOfRead(): number | undefined {
    return this.#format.ttlSecondsOfRead(this.#limits);
  }
}
