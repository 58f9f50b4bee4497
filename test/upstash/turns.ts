import { setImmediate } from "node:timers/promises";

/** Begins so many calls, each in a turn of the event loop of its own, so that each is a request of its own. */
export async function inTurns<T>(count: number, call: () => Promise<T>): Promise<T[]> {
  const calls: Promise<T>[] = [];
  for (let left = count; left > 0; left -= 1) {
    calls.push(call());
    await setImmediate();
  }
  return Promise.all(calls);
}
