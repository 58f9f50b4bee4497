import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { obtainRedisServer } from "../test/servers/redis-binary.ts";
import { type RedisServer, startRedis } from "../test/servers/redis-server.ts";
import { machine } from "./machine.ts";
import { median } from "./measure.ts";
import type { ClientsJob, ClientsReport } from "./socket-clients.child.ts";
import type { SocketVariant } from "./socket-server.child.ts";
import { formatNumber, printTable } from "./table.ts";

// What do sessions cost on sockets, and what do they lose? Server and clients are processes of their own. The first row of a table is
// the floor. With --quick it measures next to nothing and only shows that it still runs.
const isQuick = process.argv.includes("--quick");
const rounds = isQuick ? 1 : 5;

const names: { readonly [variant in SocketVariant]: string } = {
  bare: "ws, without a session",
  "by hand": "ws, ioredis with GET and SET of JSON",
  "express-session": "ws, express-session with connect-redis: reload, change, save",
  sessionwire: "attachSessions",
};

/** What a server says of itself. */
interface ServerReport {
  readonly heapUsed: number;
  readonly rss: number;
  /** The sum of the counts in all sessions. */
  readonly total: number;
  readonly sockets: number;
}

/** A server that runs, and where. */
interface Running {
  readonly variant: SocketVariant;
  readonly child: ChildProcess;
  readonly address: Pick<ClientsJob, "port" | "origin" | "cookies">;
}

obtainRedisServer();
await using redis = await startRedis();
console.log(await machine(redis));
console.log(
  `Medians of ${rounds} interleaved round${rounds === 1 ? "" : "s"}; sessions of 1 KB; each socket waits for its answer.`,
);

const sizes = isQuick ? [10] : [100, 1000];
for (const sockets of sizes) await compareMessages("update", sockets, sockets);
await compareMessages("update", isQuick ? 10 : 1000, isQuick ? 2 : 10);
for (const sockets of sizes) await compareMessages("read", sockets, sockets);
await compareMessages("echo", isQuick ? 10 : 1000, isQuick ? 10 : 1000);
await compareHandshakes(isQuick ? 10 : 1000);
await compareMemory(isQuick ? 50 : 5000);
process.exit();

async function compareMessages(wish: ClientsJob["wish"], sockets: number, sessions: number): Promise<void> {
  const variants: SocketVariant[] =
    wish === "echo" ? ["bare", "sessionwire"] : ["by hand", "express-session", "sessionwire"];
  const messages = isQuick ? 50 : wish === "echo" ? 40_000 : 15_000;
  const servers: Running[] = [];
  for (const variant of variants) servers.push(await startServer(redis, variant, sessions));
  const clients = await startClients();
  const results = new Map<SocketVariant, { speed: number; commands: number; lost: number }[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const { variant, child, address } of servers) {
      await ask<ServerReport>(child, "reset");
      const before = await commandsOf(redis);
      const { messageSeconds } = await ask<ClientsReport>(clients, {
        ...address,
        wish,
        sockets,
        messages,
      });
      const commands = sentBetween(before, await commandsOf(redis)) - handshakeCommands(variant, sockets);
      const { total } = await ask<ServerReport>(child, "report");
      await ask(clients, "close");
      if (round < 0) continue; // the compiler has seen it
      const lost = wish === "update" ? 1 - total / messages : 0;
      const result = { speed: messages / messageSeconds, commands: commands / messages, lost };
      results.set(variant, [...(results.get(variant) ?? []), result]);
    }
  }
  for (const { child } of servers) child.send("end");
  clients.send("end");
  const floor = results.get(variants[0] ?? "bare") ?? [];
  printTable(
    `${wish}: ${formatNumber(sockets)} sockets, ${formatNumber(sessions)} sessions`,
    ["ratio", "messages/s", "lost %", "commands"],
    variants.map((variant) => {
      const all = results.get(variant) ?? [];
      const ratios = all.map(({ speed }, place) => speed / (floor[place]?.speed ?? Number.NaN));
      const cells = [
        median(ratios),
        median(all.map(({ speed }) => speed)),
        median(all.map(({ lost }) => lost * 100)),
        median(all.map(({ commands }) => commands)),
      ];
      return { name: names[variant], cells: cells.map(formatNumber) };
    }),
  );
}

/** What finding the session takes, which is not counted to the messages. */
function handshakeCommands(variant: SocketVariant, sockets: number): number {
  return variant === "express-session" || variant === "sessionwire" ? sockets : 0;
}

async function compareHandshakes(sockets: number): Promise<void> {
  const variants: SocketVariant[] = ["bare", "express-session", "sessionwire"];
  const servers: Running[] = [];
  for (const variant of variants) servers.push(await startServer(redis, variant, sockets));
  const clients = await startClients();
  const speeds = new Map<SocketVariant, number[]>();
  for (let round = -1; round < rounds; round += 1) {
    for (const { variant, address } of servers) {
      const report = await ask<ClientsReport>(clients, { ...address, wish: "echo", sockets, messages: 0 });
      await ask(clients, "close");
      if (round >= 0) speeds.set(variant, [...(speeds.get(variant) ?? []), sockets / report.handshakeSeconds]);
    }
  }
  for (const { child } of servers) child.send("end");
  clients.send("end");
  const floor = speeds.get("bare") ?? [];
  printTable(
    `handshakes: ${formatNumber(sockets)} sockets, 50 at a time`,
    ["ratio", "handshakes/s"],
    variants.map((variant) => {
      const all = speeds.get(variant) ?? [];
      const ratios = all.map((speed, place) => speed / (floor[place] ?? Number.NaN));
      return { name: names[variant], cells: [median(ratios), median(all)].map(formatNumber) };
    }),
  );
}

async function compareMemory(sockets: number): Promise<void> {
  const variants: SocketVariant[] = ["bare", "express-session", "sessionwire"];
  const samples = new Map<SocketVariant, { heap: number; rss: number }[]>();
  for (let round = 0; round < Math.min(rounds, 3); round += 1) {
    for (const variant of variants) {
      const { child, address } = await startServer(redis, variant, sockets);
      const clients = await startClients();
      const before = await ask<ServerReport>(child, "report");
      await ask<ClientsReport>(clients, { ...address, wish: "echo", sockets, messages: 0 });
      const after = await ask<ServerReport>(child, "report");
      if (after.sockets !== sockets) throw new Error(`${after.sockets} sockets are open.`);
      const sample = { heap: (after.heapUsed - before.heapUsed) / sockets, rss: (after.rss - before.rss) / sockets };
      samples.set(variant, [...(samples.get(variant) ?? []), sample]);
      child.send("end");
      clients.send("end");
      await once(child, "exit");
    }
  }
  printTable(
    `memory of an idle socket: ${formatNumber(sockets)} sockets, each of its own session`,
    ["heap, KB", "resident, KB"],
    variants.map((variant) => {
      const all = samples.get(variant) ?? [];
      const cells = [median(all.map(({ heap }) => heap / 1000)), median(all.map(({ rss }) => rss / 1000))];
      return { name: names[variant], cells: cells.map(formatNumber) };
    }),
  );
}

async function startServer({ url }: RedisServer, variant: SocketVariant, sessions: number): Promise<Running> {
  const child = forkScript("./socket-server.child.ts", {
    REDIS_URL: url,
    VARIANT: variant,
    SESSIONS: String(sessions),
  });
  const [address] = await once(child, "message");
  return { variant, child, address };
}

async function startClients(): Promise<ChildProcess> {
  const child = forkScript("./socket-clients.child.ts", {});
  await once(child, "message");
  return child;
}

function forkScript(path: string, env: Record<string, string>): ChildProcess {
  return fork(new URL(path, import.meta.url).pathname, {
    execArgv: ["--import", "tsx", "--expose-gc"],
    env: { ...process.env, ...env },
  });
}

/** Rejects when the process ends instead of answering: a row that does not do its work must not look fast. */
async function ask<Answer>(child: ChildProcess, question: ClientsJob | string): Promise<Answer> {
  const controller = new AbortController();
  const { signal } = controller;
  const ended = once(child, "exit", { signal }).then(([code]) =>
    Promise.reject(new Error(`A process ended with ${code}.`)),
  );
  const answered = once(child, "message", { signal });
  child.send(question);
  try {
    const [answer] = await Promise.race([answered, ended]);
    return answer;
  } finally {
    ended.catch(() => {}); // it was of interest until there was an answer
    controller.abort();
  }
}

/** How often clients have sent each command so far, those of this bench left out. */
async function commandsOf({ command }: RedisServer): Promise<Map<string, number>> {
  const stats = String(await command("info", "commandstats"));
  const counted = stats.matchAll(/cmdstat_(get|set|getex|expire|evalsha|ping):calls=(\d+)/g);
  return new Map([...counted].map(([, name = "", calls]) => [name, Number(calls)]));
}

/** The script of the Redis handler makes a GET and, unless there is a conflict, a SET, which Redis counts as well. */
function sentBetween(before: Map<string, number>, after: Map<string, number>): number {
  const since = (name: string) => (after.get(name) ?? 0) - (before.get(name) ?? 0);
  const own = since("get") + since("getex") + since("expire") + since("ping");
  return since("evalsha") > 0 ? own : own + since("set");
}
