import { changeRows } from "./sessions/change.ts";
import { connect } from "./sessions/connections.ts";
import { largeRows } from "./sessions/large.ts";
import { openRows } from "./sessions/read.ts";
import { storeChangeRows, storeReadRows } from "./sessions/store.ts";
import type { Amount } from "./sessions/stored.ts";
import { runBench } from "./tools/bench.ts";
import { kilobyte } from "./tools/content.ts";
import { compareRows, type Effort, type Row } from "./tools/slices.ts";

// The cost of a session, compared with the same work by hand and by connect-redis. Two cases are measured: the manager
// that opens a session has seen its bytes before, or it has not.
await runBench(async ({ redis, report, pick }) => {
  const connections = await connect(redis.url);
  for (const concurrency of [1, 64]) {
    await benchSize("1 KB", { sessions: pick(10_000, 100), bytes: kilobyte }, { rounds: pick(15, 1), concurrency });
  }
  await benchSize("16 KB", { sessions: pick(1000, 20), bytes: 16 * kilobyte }, { rounds: pick(7, 1), concurrency: 64 });
  const large = { sessions: pick(20, 2), bytes: 256 * kilobyte };
  await compare("large", "256 KB, 10 attributes", await largeRows(connections, large), large, {
    rounds: pick(9, 1),
    concurrency: 1,
  });

  async function benchSize(size: string, amount: Amount, effort: Pick<Effort, "rounds" | "concurrency">) {
    const id = `${size.replace(" ", "").toLowerCase()}-${effort.concurrency}`;
    const suffix = `${size}, ${effort.concurrency} at a time`;
    const questions = [
      { name: "open", title: "Session: open", rows: openRows },
      { name: "change", title: "Session: open, change, save", rows: changeRows },
      { name: "store-read", title: "Store of express-session: get, touch", rows: storeReadRows },
      { name: "store-change", title: "Store of express-session: get, set", rows: storeChangeRows },
    ];
    for (const { name, title, rows } of questions) {
      await compare(`${name}-${id}`, `${title}, ${suffix}`, await rows(connections, amount), amount, effort);
      await connections.raw.flushall();
    }
  }

  async function compare(
    id: string,
    title: string,
    rows: readonly Row[],
    { sessions }: Amount,
    effort: Pick<Effort, "rounds" | "concurrency">,
  ) {
    const sliceMs = pick(100, 2);
    report.add(await compareRows(`session-${id}`, title, rows, { ...effort, sliceMs, maxRuns: sessions }));
  }
});
