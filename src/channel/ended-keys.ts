import type { Clock } from "../clock.ts";

/** Time for which the end of a key waits for a message with more information. */
const HELD_MS = 50;

/** Maximum age of a message that already covers the end of a key. */
const RECENT_MS = 1000;

/** Maximum number of remembered messages. */
const MAX_REMEMBERED = 1000;

/**
 * The ends of sessions that a store reports by key. A message about the same event says more: for instance that a
 * session continues under another key, so its sockets need not be closed. It arrives over another connection, slightly
 * earlier or later.
 */
export class EndedKeys {
  readonly #clock: Clock;
  readonly #tell: (keyHash: string) => void;
  /** The time at which a message named a key, by the hash of the key. */
  readonly #named = new Map<string, number>();
  readonly #held = new Map<string, () => void>();

  constructor(clock: Clock, tell: (keyHash: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** Records that a message has named this key. */
  name(keyHash: string): void {
    this.#cancel(keyHash);
    this.#named.delete(keyHash);
    this.#named.set(keyHash, this.#clock.monotonic());
    const [oldest] = this.#named.keys();
    if (this.#named.size > MAX_REMEMBERED && oldest !== undefined) this.#named.delete(oldest);
  }

  end(keyHash: string): void {
    const namedAt = this.#named.get(keyHash);
    if (namedAt !== undefined && this.#clock.monotonic() - namedAt <= RECENT_MS) return;
    this.#cancel(keyHash);
    const tell = () => {
      this.#held.delete(keyHash);
      this.#tell(keyHash);
    };
    this.#held.set(keyHash, this.#clock.schedule(tell, HELD_MS));
  }

  /** Forgets the waiting ends. */
  clear(): void {
    for (const cancel of this.#held.values()) cancel();
    this.#held.clear();
  }

  #cancel(keyHash: string): void {
    this.#held.get(keyHash)?.();
    this.#held.delete(keyHash);
  }
}
