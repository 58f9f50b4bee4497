import { type Clock, isSessionError, SessionError, type SessionHandler } from "sessionwire";
import { CancellableWaits, errorWithOutcome, type Operation, randomText } from "sessionwire/backend";
import { Age, HeldLock } from "./held-lock.ts";
import { Turns } from "./turns.ts";

/** The first and the longest pause between two attempts to take a lock, in milliseconds. */
const FIRST_PAUSE_MS = 4;
const MAX_PAUSE_MS = 64;

/** Maximum time for which a close waits until locks are released, in milliseconds. */
const RELEASE_MS = 1000;

export interface LockTimes {
  /** Maximum time for which another process may keep a call waiting, in milliseconds. */
  readonly waitMs: number;
  /** Life of a lock in seconds, after which it ends by itself. */
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

  /** Runs `run` while this process has the lock, and releases it whatever happens. */
  async hold<T>(lockKey: string, operation: Operation, run: () => Promise<T>): Promise<T> {
    const waiting = new Age(this.#times.clock);
    const place = this.#turns.join(lockKey);
    try {
      if (place.comes) await this.#pause(waiting, this.#times.waitMs, operation, place.comes);
      const lock = await this.#take(lockKey, operation, waiting);
      this.#held.add(lock);
      try {
        return await run();
      } finally {
        this.#held.delete(lock);
        await lock.release();
      }
    } finally {
      place.leave();
    }
  }

  /** Ends the waits, and releases the locks of calls under way before the handler inside ends these. */
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

  /** Creates the lock unless there is one. A change of the session is not sent after a failure. */
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

  /** Removes a lock that was created although nobody has heard of it. A later one ends by itself. */
  async #removeIfCreated(lockKey: string, value: Uint8Array): Promise<void> {
    try {
      const found = await this.#handler.read(lockKey);
      if (!found || !areEqual(found.data, value)) return;
      await this.#handler.destroy(lockKey, { replaces: found.version });
    } catch {
      // It ends by itself.
    }
  }

  /** Leaves at least the other half of the lock's life, which is the deadline of a call inside. */
  #isFresh({ ageMs }: HeldLock): boolean {
    return ageMs < this.#times.lockSeconds * 500;
  }

  /** Waits, but not beyond the time that another process may keep the call waiting. */
  async #pause(waiting: Age, delayMs: number, { cancellation }: Operation, sooner?: Promise<unknown>): Promise<void> {
    const leftMs = this.#times.waitMs - waiting.ms;
    await this.#waits.wait(Math.min(delayMs, leftMs), cancellation, sooner);
    // The caller has been answered already when it has given up, or the handler is closed.
    if (cancellation?.aborted || this.#waits.isClosed || waiting.ms >= this.#times.waitMs) throw this.#timeout();
  }

  #timeout(): SessionError {
    const message = `The session was locked by another process for ${this.#times.waitMs} ms.`;
    return new SessionError("timeout", message, { outcome: "not-applied" });
  }
}

/** Unlike the process id of PHP, or the `1` of memcached, it is no other lock's: PHP only compares its own. */
function createValue(): Uint8Array {
  return new TextEncoder().encode(`sessionwire|${randomText(15)}`);
}

function areEqual(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.every((byte, index) => byte === other[index]);
}
