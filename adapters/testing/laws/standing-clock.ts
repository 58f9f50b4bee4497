import type { Clock } from "sessionwire";
import { settled } from "../virtual-clock.ts";

/**
 * The clock of a process that can be suspended: its timers fire when it resumes, and everything else happens in the
 * next turn.
 */
export interface StandingClock extends Clock {
  /** Suspends the process for that much time, and then fires the overdue timers. */
  standStill(ms: number): Promise<void>;
  /** Runs one turn of the event loop, as far as timers are concerned. */
  turn(): Promise<void>;
  readonly pending: number;
}

export function createStandingClock(): StandingClock {
  let time = 0;
  const timers = new Set<{ readonly at: number; readonly run: () => void }>();

  /** A timer that is set meanwhile waits for the next turn. */
  async function turn(): Promise<void> {
    for (const timer of [...timers].filter(({ at }) => at <= time)) if (timers.delete(timer)) timer.run();
    await settled();
  }

  return {
    now: () => time,
    monotonic: () => time,
    schedule(run, delayMs) {
      const timer = { at: time + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    async standStill(ms) {
      await settled();
      time += ms;
      await turn();
    },
    turn,
    get pending() {
      return timers.size;
    },
  };
}
