import { compareIdle, idleColumns } from "./sockets/idle.ts";
import { compareStorms, stormColumns } from "./sockets/storm.ts";
import { runBench } from "./tools/bench.ts";
import { formatNumber } from "./tools/numbers.ts";

// Measures the cost of many idle sockets, and of disconnecting and reconnecting all of them. It takes minutes, and runs
// only on request.
await runBench(async ({ redis, report, pick }) => {
  const sockets = pick(5000, 10);
  report.add({
    id: "socket-idle",
    title: `Sockets: an idle one in a minute, of ${formatNumber(sockets)}`,
    columns: idleColumns,
    rows: await compareIdle(sockets, pick(35_000, 0), pick(1, 0.01)),
  });
  report.add({
    id: "socket-storm",
    title: `Sockets: ${formatNumber(sockets)} cut off at once that come again`,
    columns: stormColumns,
    rows: await compareStorms(sockets, pick(3, 1), redis),
  });
});
