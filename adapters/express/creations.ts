import type { Clock } from "sessionwire";

/**
 * Maximum time to wait for a creation, in ms: as long as callers waiting for a change of a session wait for one reply
 * of the store.
 */
const MAX_CREATION_MS = 10_000;

/** The creations under way, by id. */
export class Creations {
  readonly #running = new Map<string, Promise<void>>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  has(sid: string): boolean {
    return this.#running.has(sid);
  }

  /** Waits for a creation under way first, because it may be of the same object. */
  run(sid: string, create: () => Promise<void>): Promise<void> {
    const creating = this.wait(sid).then(create);
    this.#running.set(sid, creating);
    return creating.finally(() => {
      if (this.#running.get(sid) === creating) this.#running.delete(sid);
    });
  }

  /** Resolves when the creation under way has succeeded, failed, or taken so long that others proceed without it. */
  async wait(sid: string): Promise<void> {
    const creating = this.#running.get(sid);
    if (creating === undefined) return;
    let cancelTimer = () => {};
    const late = new Promise<void>((resolve) => {
      cancelTimer = this.#clock.schedule(resolve, MAX_CREATION_MS);
    });
    await Promise.race([creating.catch(() => {}), late]); // its own caller handles the error
    cancelTimer();
  }
}
