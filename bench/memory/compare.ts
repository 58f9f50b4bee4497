import { startProcess } from "../tools/children.ts";
import { mediansOf } from "../tools/numbers.ts";
import type { TableRow } from "../tools/report.ts";
import type { MemoryResult } from "./memory.child.ts";

const names = {
  map: "Map, get and set of a copy",
  handler: "createMemoryHandler",
  MemoryStore: "MemoryStore of express-session",
  memorystore: "memorystore",
  store: "createExpressStore, memory handler",
};

export type MemoryVariant = keyof typeof names;

interface Effort {
  readonly sessions: number;
  readonly rounds: number;
  readonly loadMs: number;
}

export const memoryColumns: readonly string[] = [
  "ops/s",
  "ops/s ×",
  "CPU µs",
  "bytes",
  "fill ms",
  "pause ms",
  "full GC",
];

/** Measures one variant after the other in each round, the floor first. */
export async function compareStores(variants: readonly MemoryVariant[], effort: Effort): Promise<TableRow[]> {
  const results = new Map<MemoryVariant, MemoryResult[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < effort.rounds; round += 1) {
    for (const variant of variants) results.get(variant)?.push(await measure(variant, effort));
  }
  const medians = variants.map((variant) => mediansOf(results.get(variant) ?? []));
  const floor = medians[0]?.perSecond ?? Number.NaN;
  return medians.map(({ perSecond, cpuMicroseconds, bytes, longestFillMs, longestLoadMs, collectionMs }, place) => ({
    name: names[variants[place] ?? "map"],
    values: [perSecond, perSecond / floor, cpuMicroseconds, bytes, longestFillMs, longestLoadMs, collectionMs],
  }));
}

async function measure(variant: MemoryVariant, { sessions, loadMs }: Effort): Promise<MemoryResult> {
  const env = {
    VARIANT: variant,
    SESSIONS: String(sessions),
    LOAD_MS: String(loadMs),
    NODE_OPTIONS: "--max-old-space-size=8192",
  };
  const process = await startProcess<MemoryResult>(new URL("./memory.child.ts", import.meta.url), env);
  await process.end();
  return process.greeting;
}
