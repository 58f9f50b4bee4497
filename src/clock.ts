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
 * Calls `run` when the time is up for something to arrive, unless it is called off before. Returns the function that does so.
 *
 * @remarks
 * A process that stands still (collecting garbage, parsing something large, waiting for its turn on the machine) hears of nothing, and
 * when it goes on it hears of timers first. What has arrived meanwhile counts all the same: `run` waits for two more turns of the
 * event loop, in which the process hears of it, and no longer (laws 38 and 59).
 *
 * @public
 */
export function scheduleDeadline(clock: Clock, run: () => void, delayMs: number): () => void {
  let cancel = clock.schedule(() => {
    cancel = afterTwoTurns(clock, run);
  }, delayMs);
  return () => cancel();
}

/** Calls `run` when the process has heard of what arrived while it stood still, unless it is called off before. */
export function afterTwoTurns(clock: Clock, run: () => void): () => void {
  let cancel = clock.schedule(() => {
    cancel = clock.schedule(run, 0);
  }, 0);
  return () => cancel();
}

/** Resolves after `delayMs`, and keeps the process alive until then: a caller waits, and perhaps nothing else is under way. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    const keepAlive = setTimeout(() => {}, delayMs + 1000); // on a clock of its own, a test may let no time pass
    clock.schedule(() => {
      clearTimeout(keepAlive);
      resolve();
    }, delayMs);
  });
}

/**
 * `true` on Cloudflare Workers: a request whose client has gone away is cancelled, with its timers, its I/O and all that was to follow
 * an `await`.
 */
export function requestsAreCancelled(): boolean {
  const { navigator } = globalThis as { navigator?: { readonly userAgent?: unknown } };
  return navigator?.userAgent === "Cloudflare-Workers";
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
