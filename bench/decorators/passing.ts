import { bulkhead } from "cockatiel";
import { withPolicy, withRetry, withTimeout } from "sessionwire";
import { createMemoryHandler } from "sessionwire/memory";
import { jsonOf, kilobyte, ttlSeconds } from "../tools/content.ts";
import type { Row } from "../tools/slices.ts";

/** The number of reads for one slice of time, which is too short for a single one. */
const readsPerRun = 100;

/** Reads of one session behind decorators that have nothing to do. */
export async function passingRows(): Promise<Row[]> {
  const memory = createMemoryHandler();
  await memory.write("a", new TextEncoder().encode(jsonOf(1, kilobyte)), { replaces: undefined, ttlSeconds });
  const policy = bulkhead(100);
  const handlers = {
    memory,
    "withTimeout(memory)": withTimeout(memory),
    "withRetry(memory)": withRetry(memory),
    "withPolicy(memory), which only passes on": withPolicy(memory, { execute: (run) => run() }),
    "withPolicy(memory), a bulkhead of cockatiel": withPolicy(memory, policy),
    "a bulkhead of cockatiel around the call": { read: (id: string) => policy.execute(() => memory.read(id)) },
  };
  return Object.entries(handlers).map(([name, { read }]) => ({
    name,
    operationsPerRun: readsPerRun,
    async run() {
      let found: unknown;
      for (let reads = 0; reads < readsPerRun; reads += 1) found = await read("a");
      return found;
    },
  }));
}
