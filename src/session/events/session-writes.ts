import type { KeyHash } from "../../channel/key-hash.ts";
import type { Clock } from "../../clock.ts";
import { logError } from "../../decorators/observation.ts";

/**
 * A write of changes that the store has acknowledged.
 *
 * @public
 */
export interface SessionWrite {
  /** The time, in milliseconds since 1970. */
  readonly at: number;
  /** The hash of the session's key, as {@link SessionManager.hashOf} returns it. It is computed on first access. */
  readonly keyHash: string;
  /** Number of changes that share the write: saves, and updates by id. */
  readonly changes: number;
  /**
   * Number of writes before it that were refused, because another writer was faster, or had no reply. The changes were
   * made again after each of them.
   */
  readonly conflicts: number;
}

/** Reports writes to those who have asked for it. */
export class SessionWrites {
  readonly listeners: Set<(write: SessionWrite) => void> = new Set();
  readonly #hashOf: KeyHash;
  readonly #clock: Clock;

  constructor(hashOf: KeyHash, clock: Clock) {
    this.#hashOf = hashOf;
    this.#clock = clock;
  }

  /** Adds a listener. Returns a function that ends the subscription. */
  subscribe(listener: (write: SessionWrite) => void): () => void {
    if (typeof listener !== "function") throw new TypeError("A listener must be a function.");
    const own = (write: SessionWrite) => listener(write); // a new function, so that a listener may be subscribed twice
    this.listeners.add(own);
    return () => void this.listeners.delete(own);
  }

  /** To be called only if there are listeners. */
  report(key: string, changes: number, conflicts: number): void {
    const write = new ReportedWrite(key, this.#hashOf, { at: this.#clock.now(), changes, conflicts });
    for (const listener of [...this.listeners]) {
      try {
        listener(write);
      } catch (error) {
        logError(error);
      }
    }
  }
}

/** The key is private, because an id may stand in it. */
class ReportedWrite implements SessionWrite {
  readonly at: number;
  readonly changes: number;
  readonly conflicts: number;
  readonly #key: string;
  readonly #hashOf: KeyHash;
  #keyHash: string | undefined;

  constructor(key: string, hashOf: KeyHash, { at, changes, conflicts }: Omit<SessionWrite, "keyHash">) {
    this.at = at;
    this.changes = changes;
    this.conflicts = conflicts;
    this.#key = key;
    this.#hashOf = hashOf;
  }

  get keyHash(): string {
    this.#keyHash ??= this.#hashOf(this.#key);
    return this.#keyHash;
  }
}
