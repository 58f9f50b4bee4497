import { obtainRedisServer } from "../test/servers/redis-binary.ts";
import { startRedis } from "../test/servers/redis-server.ts";
import { machine } from "./machine.ts";
import { compare, type Effort } from "./measure.ts";
import { memoryQuestions } from "./memory.ts";
import { comparePauses } from "./pauses.ts";
import { connectToRedis, redisQuestions } from "./redis.ts";
import { formatNumber, printComparisons, printTable } from "./table.ts";

// What do the handlers and decorators cost? Each table is one question. Its first row is the floor, what the same work costs
// without this package, and the ratios are parts of the floor's operations per second, so that 0.5 is half as fast.
// With --quick it measures next to nothing and only shows that it still runs.
const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : 9;

obtainRedisServer();
await using server = await startRedis();
console.log(await machine(server));
console.log(
  `Medians of ${rounds} interleaved round${rounds === 1 ? "" : "s"}; ratio: operations per second to the floor.`,
);
await benchRedis(1, isQuick ? 50 : 800);
await benchRedis(64, isQuick ? 200 : 4000);
await benchMemory();
await benchPauses();

async function benchRedis(concurrency: number, callsPerRound: number): Promise<void> {
  await using stores = await connectToRedis(server.url);
  for (const { question, rows } of redisQuestions(stores, callsPerRound)) {
    const title = `Redis: ${question}, 1 KB, ${concurrency} at a time`;
    printComparisons(title, await compare(rows, { rounds, callsPerRound, concurrency, operationsPerCall: 1 }));
  }
}

async function benchMemory(): Promise<void> {
  const effort: Effort = { rounds, callsPerRound: isQuick ? 5 : 50, concurrency: 1, operationsPerCall: 1000 };
  for (const { question, rows } of await memoryQuestions(effort.operationsPerCall)) {
    const title = `Memory: ${question}, 1 KB (times: means of ${effort.operationsPerCall} calls)`;
    printComparisons(title, await compare(rows, effort));
  }
}

async function benchPauses(): Promise<void> {
  const sessions = isQuick ? 10_000 : 500_000;
  const pauses = await comparePauses(sessions, isQuick ? 1 : 3);
  printTable(
    `Memory: longest pause while ${formatNumber(sessions)} sessions are created`,
    ["ratio", "pause ms", "total ms"],
    pauses.map(({ name, ratio, pauseMs, totalMs }) => ({ name, cells: [ratio, pauseMs, totalMs].map(formatNumber) })),
  );
}
