import { rowsOfObservers } from "./observing/rows.ts";
import { runBench } from "./tools/bench.ts";
import { compareRows } from "./tools/slices.ts";

// The cost of an observer, on a store that answers at once: nanoseconds of processor time per read, and on top of the bare store.
await runBench(async ({ report, pick }) => {
  const effort = { rounds: pick(41, 1), sliceMs: pick(50, 1), concurrency: 1 };
  const { rows, ...table } = await compareRows("observing", "A read, observed", rowsOfObservers(), effort);
  const nanoseconds = rows.map(({ values: [cpu] }) => (cpu ?? Number.NaN) * 1000);
  const [floor = Number.NaN] = nanoseconds;
  report.add({
    ...table,
    columns: ["CPU ns", "on top"],
    rows: rows.map(({ name }, row) => {
      const ns = nanoseconds[row] ?? Number.NaN;
      return { name, values: [ns, ns - floor] };
    }),
  });
});
