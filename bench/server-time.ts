import { compareServerTime } from "./server-time/compare.ts";
import { startValkey } from "./server-time/valkey.ts";
import { runBench } from "./tools/bench.ts";
import { kilobyte } from "./tools/content.ts";
import { describeServer } from "./tools/machine.ts";

// Measures the cost of a write for the server, which all clients share and which executes one command at a time:
// microseconds per command, by its own account (INFO commandstats).
await runBench(async ({ redis, report, isQuick, pick }) => {
  await using valkey = isQuick ? undefined : await startValkey();
  for (const server of [redis, ...(valkey === undefined ? [] : [valkey])]) {
    const version = await describeServer(server);
    for (const size of [1, 16, 256]) {
      const effort = { bytes: size * kilobyte, rounds: pick(9, 1), writes: pick(size > 100 ? 40 : 200, 2) };
      const rows = await compareServerTime(server, effort);
      const id = `server-time-${version.split(" ")[0]?.toLowerCase()}-${size}`;
      const title = `Server time of a write, ${size} KB, ${version}`;
      report.add({ id, title, columns: ["µs", "80 %", "µs ×"], rows });
    }
  }
});
