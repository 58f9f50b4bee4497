import { Redis } from "ioredis";
import { runBench } from "./tools/bench.ts";
import { startProcess } from "./tools/children.ts";
import { compareRows } from "./tools/slices.ts";
import { readRows, updateRows } from "./upstash/rows.ts";
import type { UpstashAddress } from "./upstash/server.child.ts";

// The cost of the Upstash handler, compared with the client of Upstash, on a test server that speaks their protocol in
// a separate process. The client combines the commands of a turn into one request.
await runBench(async ({ report, pick }) => {
  const server = await startProcess<UpstashAddress>(new URL("./upstash/server.child.ts", import.meta.url));
  const raw = new Redis(server.greeting.redisUrl);
  const sessions = pick(1000, 100);
  for (const concurrency of [1, 64]) {
    const effort = { rounds: pick(9, 1), sliceMs: pick(200, 5), concurrency };
    for (const { id, title, rows } of [
      { id: "read", title: "read", rows: await readRows(server.greeting, raw, sessions) },
      { id: "update", title: "read, change, write", rows: await updateRows(server.greeting, raw, sessions) },
    ]) {
      const suffix = `1 KB, ${concurrency} at a time`;
      report.add(await compareRows(`upstash-${id}-${concurrency}`, `Upstash: ${title}, ${suffix}`, rows, effort));
    }
  }
  raw.disconnect();
  await server.end();
});
