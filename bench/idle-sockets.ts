import { compareIdle, idleColumns } from "./sockets/idle.ts";
import { runBench } from "./tools/bench.ts";
import { formatNumber } from "./tools/numbers.ts";

// What a socket that does nothing costs in a minute. It takes longer than that, and is measured only when it is asked for.
await runBench(async ({ report, pick }) => {
  const sockets = pick(1000, 10);
  report.add({
    id: "socket-idle",
    title: `Sockets: an idle one in a minute, ${formatNumber(sockets)} of a session each`,
    columns: idleColumns,
    rows: await compareIdle(sockets, pick(15_000, 0), pick(2, 0.01)),
  });
});
