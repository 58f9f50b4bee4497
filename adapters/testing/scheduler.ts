import type { SessionHandler } from "sessionwire";
import { settled } from "./virtual-clock.ts";

/**
 * Decides who goes next, so that a schedule that once led to a failure leads to it again.
 *
 * @public
 */
export interface Scheduler {
  /** Waits until it is this one's turn. */
  turn(): Promise<void>;
  /** A handler of which each call waits for a turn before it is made, and for another before it is answered. */
  around(handler: SessionHandler): SessionHandler;
  /**
   * Gives turns until the work is done; rejects with what it rejects with. When nobody waits for a turn and the work is not done,
   * `pass` lets time pass.
   */
  run<T>(work: Promise<T>, pass?: () => unknown): Promise<T>;
}

/**
 * Makes a scheduler that follows a schedule: entry after entry picks one of those who wait; an odd one gives the next turn at once,
 * an even one when everything has come to rest. When the schedule is used up, it is first come, first served. So the shortest
 * schedule is the plainest one, and a list of numbers shrinks to it.
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

  /** Whether the next one is to go at once. */
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
