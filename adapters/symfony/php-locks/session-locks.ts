import { type Clock, isSessionError, SessionError, type SessionHandler } from "sessionwire";
import { CancellableWaits, errorWithOutcome, type Operation, randomText } from "sessionwire/backend";
import { areSameBytes } from "../php-text/byte-strings.ts";
import { Age, HeldLock } from "./held-lock.ts";
import { Turns } from "./turns.ts";

/** The first and the longest pause between attempts to take a lock, in milliseconds. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 64;

/** Maximum time for which `close` waits for the release of locks, in milliseconds. */
const RELEASE_MS = 1000;

export interface LockTimes {
  /** Maximum time for which another process may keep a call waiting, in milliseconds. */
  readonly waitMs: number;
  /** Life of a lock in seconds, after which it expires. */
  readonly lockSeconds: number;
  readonly clock: Clock;
  readonly random: () => number;
}

/** Takes and releases locks, as records of the handler. */
export class SessionLocks {
  readonly #handler: SessionHandler;
  readonly #times: LockTimes;
  readonly #turns = new Turns();
  readonly #waits: CancellableWaits;
  readonly #held = new Set<HeldLock>();

  constructor(handler: SessionHandler, times: LockTimes) {
    this.#handler = handler;
    this.#times = times;
    this.#waits = new CancellableWaits(times.clock);
  }

  /** Runs a function while this process holds the lock, which is always released. */
  async hold<T>(lockKey: string, operation: Operation, run: () => Promise<T>): Promise<T> {
    const waiting = new Age(this.#times.clock);
    const turn = this.#turns.join(lockKey);
    try {
      if (turn.comes) await this.#pause(waiting, this.#times.waitMs, operation, turn.comes);
      const lock = await this.#take(lockKey, operation, waiting);
      this.#held.add(lock);
      try {
        return await run();
      } finally {
        this.#held.delete(lock);
        await lock.release();
      }
    } finally {
      turn.leave();
    }
  }

  /** Ends waits, and releases the locks of running calls before the wrapped handler ends these. */
  async close(): Promise<void> {
    this.#waits.close();
    const released = Promise.all([...this.#held].map((lock) => lock.release()));
    await new CancellableWaits(this.#times.clock).wait(RELEASE_MS, undefined, released);
  }

  async #take(lockKey: string, operation: Operation, waiting: Age): Promise<HeldLock> {
    for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, MAX_PAUSE_MS)) {
      const lock = await this.#create(lockKey);
      if (lock && this.#isFresh(lock)) return lock;
      await lock?.release();
      await this.#pause(waiting, pauseMs * (0.5 + this.#times.random() / 2), operation);
    }
  }

  /** Creates the lock unless it exists. After a failure, no change of the session is sent. */
  async #create(lockKey: string): Promise<HeldLock | undefined> {
    const { clock, lockSeconds } = this.#times;
    const value = createValue();
    const age = new Age(clock);
    try {
      const result = await this.#handler.write(lockKey, value, { replaces: undefined, ttlSeconds: lockSeconds });
      return result.written ? new HeldLock(this.#handler, lockKey, result.version, age) : undefined;
    } catch (error) {
      if (!isSessionError(error)) throw error;
      if (error.outcome === "unknown") void this.#removeIfCreated(lockKey, value);
      throw errorWithOutcome(error, "not-applied");
    }
  }

  /** Removes a lock whose creation was not confirmed. One that is created later expires. */
  async #removeIfCreated(lockKey: string, value: Uint8Array): Promise<void> {
    try {
      const found = await this.#handler.read(lockKey);
      if (!found || !areSameBytes(found.data, value)) return;
      await this.#handler.destroy(lockKey, { replaces: found.version });
    } catch {
      // It expires.
    }
  }

  /** Checks that the lock lasts for at least half its life, the deadline of a call to the wrapped handler. */
  #isFresh({ ageMs }: HeldLock): boolean {
    return ageMs < this.#times.lockSeconds * 500;
  }

  /** Waits, but not beyond `waitMs` in all. */
  async #pause(waiting: Age, delayMs: number, { cancellation }: Operation, sooner?: Promise<unknown>): Promise<void> {
    const leftMs = this.#times.waitMs - waiting.ms;
    await this.#waits.wait(Math.min(delayMs, leftMs), cancellation, sooner);
    // If the call was aborted or the handler closed, the caller already has its answer.
    if (cancellation?.aborted || this.#waits.isClosed || waiting.ms >= this.#times.waitMs) throw this.#timeout();
  }

  #timeout(): SessionError {
    const message = `The session was locked by another process for ${this.#times.waitMs} ms.`;
    return new SessionError("timeout", message, { outcome: "not-applied" });
  }
}

/** Creates a unique value, unlike PHP's process id or the `1` of memcached. PHP only compares its own values. */
function createValue(): Uint8Array {
  return new TextEncoder().encode(`sessionwire|${randomText(15)}`);
}
