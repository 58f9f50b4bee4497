import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { WebSocket } from "ws";
import { type BenchProcess, startProcess } from "../tools/children.ts";
import { quantile } from "../tools/numbers.ts";
import type { TableRow } from "../tools/report.ts";
import type { BenchSession, Ending, ServerGreeting, ServerJob } from "./server.child.ts";

export const endingsColumns: readonly string[] = ["ms 50%", "ms 99%", "ms most", "missed"];

/** Time in ms after the last ending until an open socket counts as missed. */
const MISSED_AFTER_MS = 2000;
const AT_A_TIME = 50;

type Server = BenchProcess<ServerGreeting>;

/** A socket whose session will end. */
interface OpenSocket {
  readonly socket: WebSocket;
  /** The time of its end, in milliseconds since 1970. */
  closedAt: number | undefined;
}

/** Returns the variants. The first one has no channel, so nothing is closed within the waiting time. */
export async function compareEndings(redisUrl: string, sockets: number, rounds: number): Promise<TableRow[]> {
  const rows: TableRow[] = [await measureRow("destroy, without a channel", "destroy", "none", 1)];
  for (const ending of ["destroy", "endAll", "regenerate"] as const) {
    rows.push(await measureRow(`${ending}, with createRedisChannel`, ending, "redis", rounds));
  }
  return rows;

  async function measureRow(name: string, ending: Ending, channel: string, times: number): Promise<TableRow> {
    const env = { REDIS_URL: redisUrl, CHANNEL: channel };
    const start = () => startProcess<ServerGreeting>(new URL("./server.child.ts", import.meta.url), env);
    const [here, elsewhere] = await Promise.all([start(), start()]);
    const delays: (number | undefined)[] = [];
    for (let round = 0; round < times; round += 1) delays.push(...(await measure(here, elsewhere, ending, sockets)));
    await Promise.all([here.end(), elsewhere.end()]);
    const heard = delays.filter((delay) => delay !== undefined);
    const missed = delays.length - heard.length;
    if (heard.length === 0) return { name, values: [null, null, null, missed] };
    return { name, values: [quantile(heard, 0.5), quantile(heard, 0.99), Math.max(...heard), missed] };
  }
}

/** Ends sessions in one process, and returns how long the sockets of the other one stayed open, in milliseconds. */
async function measure(
  here: Server,
  elsewhere: Server,
  ending: Ending,
  count: number,
): Promise<(number | undefined)[]> {
  const create: ServerJob = { type: "create", sessions: count };
  const sessions = await here.ask<BenchSession[]>(create);
  const own = await openAll(here, sessions);
  const others = await openAll(elsewhere, sessions);
  const startedAt = await here.ask<number[]>({ type: "end", ending, sessions } satisfies ServerJob);
  const waitUntil = Date.now() + MISSED_AFTER_MS;
  while (Date.now() < waitUntil && others.some(({ closedAt }) => closedAt === undefined)) await sleep(10);
  const delays = others.map(({ closedAt }, place) => closedAt && closedAt - (startedAt[place] ?? Number.NaN));
  for (const { socket } of [...own, ...others]) socket.terminate();
  while ((await here.ask<number>({ type: "count" })) + (await elsewhere.ask<number>({ type: "count" })) > 0) {
    await sleep(10);
  }
  return delays;
}

async function openAll({ greeting }: Server, sessions: readonly BenchSession[]): Promise<OpenSocket[]> {
  const sockets: OpenSocket[] = [];
  for (let start = 0; start < sessions.length; start += AT_A_TIME) {
    sockets.push(...(await Promise.all(sessions.slice(start, start + AT_A_TIME).map((each) => open(greeting, each)))));
  }
  return sockets;
}

async function open({ port, origin }: ServerGreeting, { cookie }: BenchSession): Promise<OpenSocket> {
  const socket = new WebSocket(`ws://127.0.0.1:${port}`, { headers: { origin, cookie }, perMessageDeflate: false });
  await once(socket, "open");
  const opened: OpenSocket = { socket, closedAt: undefined };
  socket.on("close", () => {
    opened.closedAt ??= Date.now();
  });
  return opened;
}
