import type { CodeRun } from "./code-run.ts";
import type { Cost } from "./measure.ts";

/**
 * The most that an operation may cost. Whoever makes one cheaper writes down here what it costs then. Bytes are what it took
 * when it was measured last.
 */
export const budgets: Readonly<Record<string, Cost>> = {
  "instant guarded.read": { promises: 2, timers: 0, heapBytes: 700 },
  "instant guarded.write": { promises: 2, timers: 0, heapBytes: 1_000 },
  "instant guarded.touch": { promises: 2, timers: 0, heapBytes: 600 },
  "instant guarded.destroy": { promises: 2, timers: 0, heapBytes: 700 },
  "instant no hook.read": { promises: 2, timers: 0, heapBytes: 700 },
  "instant no hook.write": { promises: 2, timers: 0, heapBytes: 700 },
  "instant no hook.touch": { promises: 2, timers: 0, heapBytes: 700 },
  "instant no hook.destroy": { promises: 2, timers: 0, heapBytes: 700 },
  "instant empty hook.read": { promises: 2, timers: 0, heapBytes: 1_300 },
  "instant empty hook.write": { promises: 2, timers: 0, heapBytes: 1_200 },
  "instant empty hook.touch": { promises: 2, timers: 0, heapBytes: 1_300 },
  "instant empty hook.destroy": { promises: 2, timers: 0, heapBytes: 1_200 },
  "instant unheard.read": { promises: 1, timers: 0, heapBytes: 200 },
  "instant unheard.write": { promises: 1, timers: 0, heapBytes: 300 },
  "instant unheard.touch": { promises: 1, timers: 0, heapBytes: 200 },
  "instant unheard.destroy": { promises: 1, timers: 0, heapBytes: 200 },
  "instant observed.read": { promises: 3, timers: 0, heapBytes: 1_600 },
  "instant observed.write": { promises: 3, timers: 0, heapBytes: 1_600 },
  "instant observed.touch": { promises: 3, timers: 0, heapBytes: 1_600 },
  "instant observed.destroy": { promises: 3, timers: 0, heapBytes: 1_600 },
  "instant check.read": { promises: 2, timers: 0, heapBytes: 900 },
  "instant check.write": { promises: 2, timers: 0, heapBytes: 1_000 },
  "instant check.touch": { promises: 2, timers: 0, heapBytes: 900 },
  "instant check.destroy": { promises: 2, timers: 0, heapBytes: 900 },
  "instant timeout.read": { promises: 3, timers: 0, heapBytes: 1_400 },
  "instant timeout.write": { promises: 3, timers: 0, heapBytes: 1_500 },
  "instant timeout.touch": { promises: 3, timers: 0, heapBytes: 1_400 },
  "instant timeout.destroy": { promises: 3, timers: 0, heapBytes: 1_400 },
  "instant timeout(check(guarded)).read": { promises: 5, timers: 0, heapBytes: 2_500 },
  "instant timeout(check(guarded)).write": { promises: 5, timers: 0, heapBytes: 2_900 },
  "instant timeout(check(guarded)).touch": { promises: 5, timers: 0, heapBytes: 2_500 },
  "instant timeout(check(guarded)).destroy": { promises: 5, timers: 0, heapBytes: 2_900 },
  "instant timeout(retry(hashed(check(guarded)))).read": { promises: 11, timers: 0, heapBytes: 5_500 },
  "instant timeout(retry(hashed(check(guarded)))).write": { promises: 11, timers: 0, heapBytes: 6_100 },
  "instant timeout(retry(hashed(check(guarded)))).touch": { promises: 11, timers: 0, heapBytes: 5_500 },
  "instant timeout(retry(hashed(check(guarded)))).destroy": { promises: 11, timers: 0, heapBytes: 5_800 },
  "raw GET": { promises: 2, timers: 0, heapBytes: 3_700 },
  "handler.read": { promises: 5, timers: 0, heapBytes: 5_100 },
  "handler.write": { promises: 5, timers: 0, heapBytes: 10_100 },
  "handler.touch": { promises: 5, timers: 0, heapBytes: 4_800 },
  "handler.destroy": { promises: 5, timers: 0, heapBytes: 4_700 },
  "check.read": { promises: 6, timers: 0, heapBytes: 5_700 },
  "check.write": { promises: 6, timers: 0, heapBytes: 10_700 },
  "check.touch": { promises: 6, timers: 0, heapBytes: 5_400 },
  "check.destroy": { promises: 6, timers: 0, heapBytes: 5_500 },
  "timeout(check).read": { promises: 8, timers: 0, heapBytes: 7_000 },
  "timeout(check).write": { promises: 8, timers: 0, heapBytes: 12_100 },
  "timeout(check).touch": { promises: 8, timers: 0, heapBytes: 6_800 },
  "timeout(check).destroy": { promises: 8, timers: 0, heapBytes: 7_100 },
  open: { promises: 8, timers: 0, heapBytes: 7_900 },
  "open, set, save": { promises: 24, timers: 0, heapBytes: 29_500 },
  update: { promises: 12, timers: 0, heapBytes: 18_800 },
  "store.get": { promises: 9, timers: 0, heapBytes: 10_600 },
  "store.get, touch": { promises: 15, timers: 0, heapBytes: 12_100 },
  "store.get, set": { promises: 26, timers: 0, heapBytes: 31_700 },
};

/** The most code of `src/` that an operation may run, held as the budgets above are. */
export const codeBudgets: Readonly<Record<string, CodeRun>> = {
  "set, save": { files: 37, functions: 174, calls: 215 },
};
