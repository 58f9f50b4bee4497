import { compareEndings, endingsColumns } from "./endings/compare.ts";
import { runBench } from "./tools/bench.ts";
import { formatNumber } from "./tools/numbers.ts";

// Measures how soon the sockets of one process are closed when their sessions end in another one, and whether any is
// missed.
await runBench(async ({ redis, report, pick }) => {
  const sockets = pick(1000, 10);
  const rounds = pick(20, 1);
  report.add({
    id: "endings",
    title: `Sessions that end elsewhere: ${formatNumber(sockets)} sockets in each of 2 processes, ${rounds} rounds`,
    columns: endingsColumns,
    rows: await compareEndings(redis.url, sockets, rounds),
  });
});
