import assert from "node:assert/strict";
import { setTimeout as wait } from "node:timers/promises";

/** Waits for a condition, which becomes true soon if the law holds. */
export async function until(condition: () => boolean | Promise<boolean>, limitMs = 5000): Promise<void> {
  const end = performance.now() + limitMs;
  while (!(await condition())) {
    assert.ok(performance.now() < end, `within ${limitMs} ms it did not come true: ${condition}`);
    await wait(5);
  }
}

/** Resolves at the end of the turn of the event loop, when everything called in it has been sent. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Returns true if the promises settle before the event loop turns, and so without any network or timer. */
export function settleInThisTurn(...promises: Promise<unknown>[]): Promise<boolean> {
  const settled = Promise.allSettled(promises).then(() => true);
  return Promise.race([settled, new Promise<boolean>((resolve) => setImmediate(resolve, false))]);
}

export async function isPendingAfter(ms: number, promise: Promise<unknown>): Promise<boolean> {
  return Promise.race([promise.then(isSettled, isSettled), wait(ms, true)]);
}

/** Resolves to the result of a call, and rejects if it takes longer than this. */
export async function inTime<T>(limitMs: number, call: Promise<T>): Promise<T> {
  const start = performance.now();
  const value = await call;
  const ms = performance.now() - start;
  assert.ok(ms < limitMs, `it took ${Math.round(ms)} ms, and may take ${limitMs} ms`);
  return value;
}

function isSettled(): boolean {
  return false;
}
