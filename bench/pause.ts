import { createMemoryHandler } from "sessionwire/memory";

/** What bench/pauses.ts reads of a process that runs this file with the name of an inserter and a number of sessions. */
export interface PauseTimes {
  /** The longest time between two sessions. */
  readonly pauseMs: number;
  readonly totalMs: number;
}

/** Small sessions: their bytes would otherwise cause most of the garbage collections. */
const data = new Uint8Array(32);

/** How one session more is put in. */
const inserters: Readonly<Record<string, () => (id: string) => unknown>> = {
  "Map, set of a copy": () => {
    const map = new Map<string, Uint8Array>();
    return (id) => map.set(id, data.slice());
  },
  createMemoryHandler: () => {
    const handler = createMemoryHandler();
    return (id) => handler.write(id, data, { replaces: undefined, ttlSeconds: 3600 });
  },
};

const [name = "", sessions] = process.argv.slice(2);
process.send?.(await measure(name, Number(sessions)));

async function measure(inserterName: string, count: number): Promise<PauseTimes> {
  const insert = inserters[inserterName]?.();
  if (insert === undefined) throw new Error(`There is no inserter "${inserterName}".`);
  const startedAt = performance.now();
  let previous = startedAt;
  let pauseMs = 0;
  for (let inserted = 0; inserted < count; inserted += 1) {
    await insert(`session-${inserted.toString(36)}`.padStart(32, "0"));
    const now = performance.now();
    pauseMs = Math.max(pauseMs, now - previous);
    previous = now;
  }
  return { pauseMs, totalMs: previous - startedAt };
}
