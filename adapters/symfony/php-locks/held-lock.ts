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
   * Releases exactly this lock: if it has expired, the key may hold the lock of another process. Failures are ignored,
   * as the lock then expires.
   */
  release(): Promise<void> {
    this.#release ??= this.#destroy();
    return this.#release;
  }

  async #destroy(): Promise<void> {
    try {
      await this.#handler.destroy(this.#key, { replaces: this.#version });
    } catch {
      // It expires.
    }
  }
}

/** The time since its creation, by the clock that shows more: the monotonic one stops while the machine sleeps. */
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
