import type { SessionHandler } from "sessionwire";
import { settled } from "./virtual-clock.ts";

/**
 * A scheduler, which determines the order of steps, so that a schedule that once led to a failure does so again.
 *
 * @public
 */
export interface Scheduler {
  /** Waits until it is this caller's turn. */
  turn(): Promise<void>;
  /** Returns a handler whose calls wait for a turn before they are made, and for another before they are answered. */
  around(handler: SessionHandler): SessionHandler;
  /**
   * Gives turns until the work is done; rejects with its error. If nobody waits for a turn and the work is not done,
   * `pass` advances the time.
   */
  run<T>(work: Promise<T>, pass?: () => unknown): Promise<T>;
}

/**
 * Creates a scheduler that follows a schedule: entry after entry picks one of the waiting steps; an odd entry gives the
 * next turn at once, an even one when everything has come to rest. After the schedule, it is first come, first served.
 * The shortest schedule is therefore the simplest one, and a list of numbers shrinks to it.
 *
 * @public
 */
export function createScheduler(schedule: readonly number[] = []): Scheduler {
  const waiting: (() => void)[] = [];
  let place = 0;

  const scheduler: Scheduler = {
    turn: () => new Promise((resolve) => waiting.push(resolve)),
    around: (handler) => ({
      read: (id, options) => hop(() => handler.read(id, options)),
      write: (id, data, options) => hop(() => handler.write(id, data, options)),
      touch: (id, ttlSeconds, options) => hop(() => handler.touch(id, ttlSeconds, options)),
      destroy: (id, options) => hop(() => handler.destroy(id, options)),
      close: () => handler.close(),
      [Symbol.asyncDispose]: () => handler.close(),
    }),
    async run(work, pass) {
      let isDone = false;
      const end = () => {
        isDone = true;
      };
      work.then(end, end);
      for (;;) {
        await settled();
        if (isDone) return work;
        if (waiting.length === 0) await pass?.();
        while (give());
      }
    },
  };
  return scheduler;

  /** Gives the next turn, and returns true if another one is due at once. */
  function give(): boolean {
    if (waiting.length === 0) return false;
    const entry = schedule[place] ?? 0;
    place += 1;
    const [next] = waiting.splice((entry >> 1) % waiting.length, 1);
    next?.();
    return entry % 2 === 1 && waiting.length > 0;
  }

  async function hop<T>(run: () => Promise<T>): Promise<T> {
    await scheduler.turn();
    try {
      return await run();
    } finally {
      await scheduler.turn();
    }
  }
}
