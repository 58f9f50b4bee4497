import type { Clock } from "../clock.ts";

/** The end of a key waits so long for a message that says more. */
const HELD_MS = 50;

/** A message that has come so long ago, or less, has said it already. */
const RECENT_MS = 1000;

/** Messages that are remembered at most. */
const MAX_REMEMBERED = 1000;

/**
 * The ends of sessions that a store tells by their keys. A message says more of the same: that a session goes on under another key,
 * for one, so that its sockets need not be closed. It comes over another connection, and so a moment earlier or later.
 */
export class EndedKeys {
  readonly #clock: Clock;
  readonly #tell: (keyHash: string) => void;
  /** By the hash of a key, when a message has named it. */
  readonly #named = new Map<string, number>();
  readonly #held = new Map<string, () => void>();

  constructor(clock: Clock, tell: (keyHash: string) => void) {
    this.#clock = clock;
    this.#tell = tell;
  }

  /** A message has named this key. */
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

  /** Forgets those that wait. */
  clear(): void {
    for (const cancel of this.#held.values()) cancel();
    this.#held.clear();
  }

  #cancel(keyHash: string): void {
    this.#held.get(keyHash)?.();
    this.#held.delete(keyHash);
  }
}
