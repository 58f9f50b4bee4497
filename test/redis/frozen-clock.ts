import { type Clock, systemClock } from "sessionwire";

/**
 * The time of a machine on which a caller has stopped for good: none of its timers ever fires. After `thaw`, those of other
 * callers do.
 */
export function createFrozenClock(): { readonly clock: Clock; thaw(): void; pass(ms: number): void } {
  let isFrozen = true;
  let passedMs = 0;
  return {
    clock: {
      now: () => systemClock.now() + passedMs,
      monotonic: () => systemClock.monotonic() + passedMs,
      schedule: (run, delayMs) => (isFrozen ? () => {} : systemClock.schedule(run, delayMs)),
    },
    thaw() {
      isFrozen = false;
    },
    pass(ms) {
      passedMs += ms;
    },
  };
}
