import { compareStores, type MemoryVariant, memoryColumns } from "./memory/compare.ts";
import { runBench } from "./tools/bench.ts";
import { formatNumber } from "./tools/numbers.ts";

// Measures sessions in the memory of the process: their size, and how long they block the process. Each row has a
// separate process, so that nobody cleans up after another.
const handlers: readonly MemoryVariant[] = ["map", "handler"];
const stores: readonly MemoryVariant[] = ["MemoryStore", "memorystore", "store"];

await runBench(async ({ report, pick }) => {
  await add("memory-handler-100k", handlers, pick(100_000, 1000), pick(3, 1));
  await add("memory-store-100k", stores, pick(100_000, 1000), pick(2, 1));
  await add("memory-1m", [...handlers, "MemoryStore", "memorystore"], pick(1_000_000, 2000), 1);

  async function add(id: string, variants: readonly MemoryVariant[], sessions: number, rounds: number) {
    const rows = await compareStores(variants, { sessions, rounds, loadMs: pick(1000, 5) });
    report.add({ id, title: `Memory: ${formatNumber(sessions)} sessions of 1 KB`, columns: memoryColumns, rows });
  }
});
