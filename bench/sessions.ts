import { obtainRedisServer } from "../test/servers/redis-binary.ts";
import { startRedis } from "../test/servers/redis-server.ts";
import { machine } from "./machine.ts";
import { compare } from "./measure.ts";
import { connectSessionStores, counters, sessionQuestions } from "./session-stores.ts";
import { formatNumber, printComparisons, printTable } from "./table.ts";
import { compareWriters } from "./writers.ts";

// What do sessions cost, and what do they lose? Each table is one question. Its first row is the floor, ioredis with GET, SET and
// JSON, and the ratios are parts of the floor's operations per second, so that 0.5 is half as fast.
// With --quick it measures next to nothing and only shows that it still runs.
const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : 5;

obtainRedisServer();
await using server = await startRedis();
console.log(await machine(server));
console.log(`Medians of ${rounds} interleaved round${rounds === 1 ? "" : "s"}; sessions of 1 KB.`);

await using stores = await connectSessionStores(server.url);
for (const concurrency of [1, 64]) {
  const callsPerRound = isQuick ? 100 : concurrency === 1 ? 1000 : 6000;
  for (const { question, rows } of sessionQuestions(stores)) {
    const comparisons = await compare(rows, { rounds, callsPerRound, concurrency, operationsPerCall: 1 });
    printComparisons(`${question}, ${concurrency} at a time`, comparisons);
  }
}
await benchWriters(2, 1, 6000);
await benchWriters(16, 1, 20_000);
await benchWriters(64, 1, 150_000);
await benchWriters(64, 1000, 20_000);

async function benchWriters(writers: number, sessions: number, increments: number): Promise<void> {
  const effort = { writers, sessions, increments: isQuick ? 200 : increments, rounds };
  const results = await compareWriters(counters(stores), effort);
  printTable(
    `${writers} writers, ${sessions === 1 ? "one session" : `${formatNumber(sessions)} sessions`}`,
    ["ratio", "updates/s", "lost %"],
    results.map(({ name, ratio, incrementsPerSecond, lostPercent }) => ({
      name,
      cells: [ratio, incrementsPerSecond, lostPercent].map(formatNumber),
    })),
  );
}
