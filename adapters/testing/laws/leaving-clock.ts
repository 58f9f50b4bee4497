import type { Clock } from "sessionwire";
import { createVirtualClock } from "../virtual-clock.ts";

/** The clock of a process in which a caller may leave without notice, together with its timers. */
export interface LeavingClock {
  readonly clock: Clock;
  advance(ms: number): Promise<void>;
  /** Makes a call whose timers never fire. */
  leave(call: () => void): void;
}

export function createLeavingClock(): LeavingClock {
  const virtual = createVirtualClock();
  let isLeaving = false;
  return {
    clock: { ...virtual, schedule: (run, delayMs) => (isLeaving ? () => {} : virtual.schedule(run, delayMs)) },
    advance: virtual.advance,
    leave(call) {
      isLeaving = true;
      call();
      isLeaving = false;
    },
  };
}
