import { connectToRedis } from "./handlers/connections.ts";
import { otherQuestions } from "./handlers/other.ts";
import { readRows } from "./handlers/read.ts";
import { readAndReplaceRows, replaceRows } from "./handlers/replace.ts";
import { runBench } from "./tools/bench.ts";
import { compareRows } from "./tools/slices.ts";

// The cost of the Redis handler and its decorators, compared with raw ioredis on the same bytes.
await runBench(async ({ redis, report, pick }) => {
  const connections = connectToRedis(redis.url);
  const sessions = pick(10_000, 100);
  for (const concurrency of [1, 64]) {
    const effort = { rounds: pick(15, 1), sliceMs: pick(100, 2), concurrency };
    const compare = async (id: string, title: string, rows: Awaited<ReturnType<typeof readRows>>) =>
      report.add(
        await compareRows(`handler-${id}-${concurrency}`, `${title}, 1 KB, ${concurrency} at a time`, rows, effort),
      );
    await compare("read", "Redis: read", await readRows(connections, sessions));
    await compare("replace", "Redis: compare-and-set", await replaceRows(connections, sessions));
    await compare("read-replace", "Redis: read and compare-and-set", await readAndReplaceRows(connections, sessions));
  }
  const effort = { rounds: pick(9, 1), sliceMs: pick(100, 2), concurrency: 64, maxRuns: sessions };
  for (const { id, title, rows } of otherQuestions(connections, sessions)) {
    report.add(await compareRows(`handler-${id}-64`, `Redis: ${title}, 1 KB, 64 at a time`, rows, effort));
  }
});
