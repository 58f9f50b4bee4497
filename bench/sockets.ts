import { obtainRedisServer } from "../test/servers/redis-binary.ts";
import { startRedis } from "../test/servers/redis-server.ts";
import { machine } from "./machine.ts";
import { compareHandshakes } from "./socket-handshakes.ts";
import { compareIdle, compareMemory } from "./socket-idle.ts";
import { compareMessages, type MessagesEffort, type MessagesResult } from "./socket-messages.ts";
import { names, startClients } from "./socket-processes.ts";
import { formatNumber, printTable } from "./table.ts";

// What do sessions cost on sockets, and what do they lose? Server and clients are processes of their own. The first row of a table is
// the floor. The processor time is that of the server alone: where the clients are what is slow, it tells and the ratio does not.
// With --quick it measures next to nothing and only shows that it still runs.
const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : 5;
const messages = isQuick ? 50 : 15_000;
const [few, many, more, shared] = isQuick ? [8, 10, 20, 2] : [100, 1000, 2000, 10];

obtainRedisServer();
await using redis = await startRedis();
console.log(await machine(redis));
console.log(
  `Medians of ${rounds} interleaved round${rounds === 1 ? "" : "s"}; sessions of 1 KB; a message at a time per socket.`,
);

const clients = await startClients();
const onRedis = { rounds, messages, redis };
const inMemory = { rounds, messages };
const commands: { readonly title: string; readonly results: readonly MessagesResult[] }[] = [];
await benchMessages({ ...onRedis, wish: "update", sockets: few, sessions: few });
await benchMessages({ ...onRedis, wish: "update", sockets: many, sessions: many });
await benchMessages({ ...onRedis, wish: "update", sockets: more, sessions: more, messages: 2 * messages });
await benchMessages({ ...onRedis, wish: "update", sockets: many, sessions: shared });
await benchMessages({
  ...onRedis,
  wish: "update",
  sockets: many,
  sessions: many,
  messages: many,
  pauseMs: isQuick ? 1 : 2500,
});
await benchMessages({ ...onRedis, wish: "read", sockets: few, sessions: few });
await benchMessages({ ...onRedis, wish: "read", sockets: many, sessions: many });
await benchMessages({ ...onRedis, wish: "echo", sockets: many, sessions: many, messages: 3 * messages });
await benchMessages({ ...inMemory, wish: "update", sockets: many, sessions: many });
await benchMessages({ ...inMemory, wish: "update", sockets: many, sessions: shared });
await benchMessages({ ...inMemory, wish: "read", sockets: many, sessions: many });
printCommands();
await benchHandshakes();
await clients.end();
await benchMemory();
await benchIdle();

async function benchMessages(effort: MessagesEffort): Promise<void> {
  const results = await compareMessages(clients, effort);
  const title = titleOf(effort);
  if (effort.redis !== undefined) commands.push({ title, results });
  printTable(
    title,
    ["ratio", "messages/s", "CPU µs", "lost %"],
    results.map(({ variant, ratio, perSecond, cpuMicroseconds, lostPercent }) => ({
      name: names[variant],
      cells: [ratio, perSecond, cpuMicroseconds, lostPercent].map(formatNumber),
    })),
  );
}

function titleOf({ wish, sockets, sessions, pauseMs, redis: store }: MessagesEffort): string {
  const seldom = pauseMs === undefined ? "" : ", the first message";
  const counts = `${formatNumber(sockets)} sockets, ${formatNumber(sessions)} sessions`;
  return `${store === undefined ? "Memory" : "Redis"}: ${wish}, ${counts}${seldom}`;
}

function printCommands(): void {
  printTable(
    "Redis: commands for each message",
    ["floor", "express", "attach"],
    commands.map(({ title, results }) => ({
      name: title.replace("Redis: ", ""),
      cells: (["floor", "express-session", "sessionwire"] as const).map((column) => {
        const found = column === "floor" ? results[0] : results.find(({ variant }) => variant === column);
        return found === undefined ? "-" : formatNumber(found.commands);
      }),
    })),
  );
}

async function benchHandshakes(): Promise<void> {
  const results = await compareHandshakes(clients, many, rounds, redis);
  printTable(
    `Redis: handshakes, ${formatNumber(many)} sockets, 50 at a time`,
    ["ratio", "per second", "CPU µs", "commands"],
    results.map(({ variant, ratio, perSecond, cpuMicroseconds, commands: sent }) => ({
      name: names[variant],
      cells: [ratio, perSecond, cpuMicroseconds, sent].map(formatNumber),
    })),
  );
}

async function benchMemory(): Promise<void> {
  const sockets = isQuick ? 50 : 5000;
  const results = await compareMemory(sockets, rounds, redis.url);
  printTable(
    `Redis: memory of an idle socket, ${formatNumber(sockets)} of a session each`,
    ["heap KB", "resident KB"],
    results.map(({ variant, heapBytes, residentBytes }) => ({
      name: names[variant],
      cells: [heapBytes / 1000, residentBytes / 1000].map(formatNumber),
    })),
  );
}

async function benchIdle(): Promise<void> {
  const sockets = isQuick ? 10 : 1000;
  const results = await compareIdle(sockets, isQuick ? 0 : 15_000, isQuick ? 0.01 : 2);
  printTable(
    `Redis: an idle socket in a minute, ${formatNumber(sockets)} of a session each`,
    ["commands", "CPU µs"],
    results.map(({ variant, commandsPerMinute, cpuMicrosecondsPerMinute }) => ({
      name: names[variant],
      cells: [commandsPerMinute, cpuMicrosecondsPerMinute].map(formatNumber),
    })),
  );
}
