import type { Clock } from "sessionwire";

/**
 * Time that passes only when a test says so.
 *
 * @public
 */
export interface VirtualClock extends Clock {
  /** Advances time and runs everything that falls due, in order, including its consequences. */
  advance(ms: number): Promise<void>;
  /** Sets the wall clock forward or back, as an administrator or a time server does. */
  setWallClock(byMs: number): void;
  /** Stops monotonic time, like a suspended machine, while the wall clock goes on. */
  suspend(ms: number): void;
  /** The number of waiting timers. */
  readonly pending: number;
}

interface Timer {
  readonly at: number;
  run(): void;
}

/**
 * Creates a clock for handlers, decorators and managers, which all accept one as an option.
 *
 * @public
 */
export function createVirtualClock(): VirtualClock {
  let monotonic = 0;
  let wall = Date.UTC(2026, 0, 1);
  const timers = new Set<Timer>();

  return {
    now: () => wall,
    monotonic: () => monotonic,
    schedule(run, delayMs) {
      const timer = { at: monotonic + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async advance(ms) {
      const until = monotonic + ms;
      await settled();
      for (let next = earliest(until); next !== undefined; next = earliest(until)) {
        timers.delete(next);
        pass(next.at - monotonic);
        next.run();
        await settled();
      }
      pass(until - monotonic);
      await settled();
    },
    setWallClock(byMs) {
      wall += byMs;
    },
    suspend(ms) {
      wall += ms;
    },
    get pending() {
      return timers.size;
    },
  };

  function pass(ms: number): void {
    monotonic += ms;
    wall += ms;
  }

  function earliest(until: number): Timer | undefined {
    let first: Timer | undefined;
    for (const timer of timers) {
      if (timer.at > until) continue;
      if (!first || timer.at < first.at) first = timer; // of two that are due at the same time, the one that was set first
    }
    return first;
  }
}

/**
 * Resolves when all promises that can settle without passing time have done so.
 *
 * @public
 */
export function settled(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
