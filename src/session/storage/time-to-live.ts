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

  /**
   * Returns the longest time to live, in seconds; without a lifetime, or with limits of its own, that of a session used
   * now and never again.
   */
  longest(record: SessionRecord): number {
    return Math.max(this.#limits.lifetimeSeconds ?? 0, this.secondsLeft(record));
  }

  /**
   * Returns the time, in seconds, for which a browser should keep the cookie of a session with limits of its own: the
   * rest of its lifetime, or else its idle timeout; `undefined` for other sessions.
   */
  cookieAge(metadata: { get(name: string): unknown }): number | undefined {
    const limit = (name: keyof SessionLimits) => {
      const seconds = metadata.get(name);
      return typeof seconds === "number" ? seconds : undefined;
    };
    const idleTimeoutSeconds = limit("idleTimeoutSeconds");
    const ownLifetimeSeconds = limit("lifetimeSeconds");
    if (idleTimeoutSeconds === undefined && ownLifetimeSeconds === undefined) return undefined;
    const lifetimeSeconds = ownLifetimeSeconds ?? this.#limits.lifetimeSeconds;
    if (lifetimeSeconds === undefined) return idleTimeoutSeconds;
    const endsAt = Number(metadata.get("createdAt")) + lifetimeSeconds * 1000;
    return Math.max(0, Math.floor((endsAt - this.now()) / 1000));
  }

  /** The time to live that a read may set, in seconds; `undefined` if it depends on the record. */
  get secondsOfRead(): number | undefined {
    return this.#format.ttlSecondsOfRead(this.#limits);
  }
}
