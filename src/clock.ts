/**
 * Where the package takes its time from. Tests put a clock of their own in its place.
 *
 * @public
 */
export interface Clock {
  /** The wall clock: milliseconds since 1970. It may jump, forwards and backwards. */
  now(): number;
  /** Milliseconds since some moment; never runs backwards, and may stand still while the machine is suspended. */
  monotonic(): number;
  /** Calls `run` once after `delayMs`, and never keeps the process alive. Returns a function that calls it off. */
  schedule(run: () => void, delayMs: number): () => void;
}

/**
 * The time of the machine.
 *
 * @public
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(run, delayMs) {
    const timer: unknown = setTimeout(run, delayMs);
    // Node gives an object with `unref`; browsers and workers give a number, and have no process to keep alive.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer as number);
  },
};
