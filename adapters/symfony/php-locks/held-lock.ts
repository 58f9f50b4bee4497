import type { Clock, SessionHandler, Version } from "sessionwire";

/** A lock that this process has taken. */
export class HeldLock {
  readonly #handler: SessionHandler;
  readonly #key: string;
  readonly #version: Version;
  readonly #age: Age;
  #release: Promise<void> | undefined;

  constructor(handler: SessionHandler, key: string, version: Version, age: Age) {
    this.#handler = handler;
    this.#key = key;
    this.#version = version;
    this.#age = age;
  }

  /** The time since the lock was requested, in milliseconds. */
  get ageMs(): number {
    return this.#age.ms;
  }

  /**
   * Releases exactly this lock: one that has ended by itself may be another's by now. A failure changes nothing for
   * the caller; the lock then ends by itself.
   */
  release(): Promise<void> {
    this.#release ??= this.#destroy();
    return this.#release;
  }

  async #destroy(): Promise<void> {
    try {
      await this.#handler.destroy(this.#key, { replaces: this.#version });
    } catch {
      // It ends by itself.
    }
  }
}

/** The time since something, by whichever clock says more: the monotonic one may have stood still. */
export class Age {
  readonly #clock: Clock;
  readonly #since: number;
  readonly #sinceDate: number;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#since = clock.monotonic();
    this.#sinceDate = clock.now();
  }

  get ms(): number {
    return Math.max(this.#clock.monotonic() - this.#since, this.#clock.now() - this.#sinceDate);
  }
}
