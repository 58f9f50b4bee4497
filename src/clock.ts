/**
 * The source of time of the package. Tests replace it with a clock of their own.
 *
 * @public
 */
export interface Clock {
  /** Returns the wall clock time, in milliseconds since 1970. It may jump forwards and backwards. */
  now(): number;
  /**
   * Returns milliseconds since an arbitrary moment. Never runs backwards; may stand still while the machine is
   * suspended.
   */
  monotonic(): number;
  /**
   * Calls `run` once after `delayMs` milliseconds, without keeping the process alive. Returns a function that cancels
   * it.
   */
  schedule(run: () => void, delayMs: number): () => void;
}

/**
 * Calls `run` when the deadline for something to arrive has passed. Returns a function that cancels it.
 *
 * @remarks
 * When a process resumes after a pause (garbage collection, parsing something large, waiting for the CPU), its timers
 * fire before it reads what arrived in the meantime. That still counts as arrived: `run` waits for two more turns of
 * the event loop, in which the process reads it, and no longer (laws 38 and 59).
 *
 * @public
 */
export function scheduleDeadline(clock: Clock, run: () => void, delayMs: number): () => void {
  let cancel = clock.schedule(() => {
    cancel = afterTwoTurns(clock, run);
  }, delayMs);
  return () => cancel();
}

/** Calls `run` once the process has read what arrived during a pause. Returns a function that cancels it. */
export function afterTwoTurns(clock: Clock, run: () => void): () => void {
  let cancel = clock.schedule(() => {
    cancel = clock.schedule(run, 0);
  }, 0);
  return () => cancel();
}

/** Resolves after `delayMs` milliseconds. Keeps the process alive until then. */
export function pause(clock: Clock, delayMs: number): Promise<void> {
  return new Promise((resolve) => {
    scheduleAwaited(clock, resolve, delayMs);
  });
}

/**
 * Calls `run` after `delayMs` milliseconds, and keeps the process alive until then: the caller that waits for it may be
 * all that is under way. Returns a function that cancels it.
 */
export function scheduleAwaited(clock: Clock, run: () => void, delayMs: number): () => void {
  const keepAlive = setTimeout(() => {}, delayMs + 1000); // the caller's clock may stand still, as in a test
  const cancel = clock.schedule(() => {
    clearTimeout(keepAlive);
    run();
  }, delayMs);
  return () => {
    clearTimeout(keepAlive);
    cancel();
  };
}

/**
 * Returns `true` on Cloudflare Workers, where a request whose client has gone away is cancelled together with its
 * timers, its I/O and everything that would follow an `await`.
 */
export function requestsAreCancelled(): boolean {
  const { navigator } = globalThis as { navigator?: { readonly userAgent?: unknown } };
  return navigator?.userAgent === "Cloudflare-Workers";
}

/**
 * The clock of the machine.
 *
 * @public
 */
export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  schedule(run, delayMs) {
    const timer: unknown = setTimeout(run, delayMs);
    // Node returns an object with `unref`. Browsers and workers return a number and have no process to keep alive.
    (timer as { unref?: () => void }).unref?.();
    return () => clearTimeout(timer as number);
  },
};
