import type { Clock } from "sessionwire";

/** Wraps a clock so that it counts only the timers set through it. */
export function countTimers(clock: Clock): { readonly clock: Clock; pending(): number } {
  const waiting = new Set<() => void>();
  const schedule: Clock["schedule"] = (run, delayMs) => {
    const cancel = clock.schedule(() => {
      waiting.delete(cancel);
      run();
    }, delayMs);
    waiting.add(cancel);
    return () => {
      waiting.delete(cancel);
      cancel();
    };
  };
  const counting = { now: () => clock.now(), monotonic: () => clock.monotonic(), schedule };
  return { clock: counting, pending: () => waiting.size };
}
