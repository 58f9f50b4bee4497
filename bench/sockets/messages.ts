import type { RedisServer } from "../../test/servers/redis-server.ts";
import { median } from "../tools/numbers.ts";
import { compareSamples } from "../tools/slices.ts";
import type { Wish } from "./clients.child.ts";
import { commandsDuring } from "./commands.ts";
import { names, type SocketClients, type SocketServer, startServer } from "./processes.ts";
import { inTurns } from "./rounds.ts";
import type { SocketVariant } from "./server.child.ts";

export interface MessagesEffort {
  readonly wish: Wish;
  readonly sockets: number;
  readonly sessions: number;
  /** Number of messages on all sockets together. */
  readonly messages: number;
  readonly rounds: number;
  /** The URL of Redis; without it, the sessions are in memory. */
  readonly redis?: RedisServer;
}

/** The variants, which differ in how they process messages that use the session. */
export interface MessagesResult {
  readonly variant: SocketVariant;
  readonly name: string;
  readonly values: readonly number[];
  /** Commands to Redis per message. */
  readonly commands: number;
}

export const messageColumns: readonly string[] = ["CPU µs", "80 %", "CPU ×", "msgs/s", "msgs/s ×", "lost %"];

/** Measures all variants, the floor first. The processor time is that of the server alone. */
export async function compareMessages(clients: SocketClients, effort: MessagesEffort): Promise<MessagesResult[]> {
  const variants: SocketVariant[] =
    effort.wish === "echo" ? ["bare", "sessionwire"] : ["by hand", "express-session", "sessionwire"];
  const servers = await Promise.all(variants.map((name) => startServer(name, effort.sessions, effort.redis?.url)));
  const samples = await inTurns(servers, effort.rounds, (server) => measure(server, clients, effort));
  const commands: number[] = [];
  for (const server of servers) commands.push(await countCommands(server, clients, effort));
  await Promise.all(servers.map((server) => server.end()));
  return servers.map(({ variant }, place) => {
    const ofRow = samples[place] ?? [];
    const lost = median(ofRow.map(({ lostPercent }) => lostPercent));
    const values = [...compareSamples(ofRow, samples[0] ?? []), lost];
    return { variant, name: names[variant], values, commands: commands[place] ?? Number.NaN };
  });
}

async function measure(server: SocketServer, clients: SocketClients, effort: MessagesEffort) {
  const { wish, sockets, messages } = effort;
  await server.fill();
  await clients.do({ type: "open", address: server.greeting, sockets });
  await server.collect();
  const cpuBefore = await server.cpu();
  const seconds = await clients.do({ type: "send", wish, messages });
  const cpu = (await server.cpu()) - cpuBefore;
  const total = await server.total();
  await clients.do({ type: "close" });
  expectWork(server.variant, effort, total);
  return {
    perSecond: messages / seconds,
    cpuMicroseconds: cpu / messages,
    lostPercent: wish === "update" ? (1 - total / messages) * 100 : 0,
  };
}

async function countCommands(server: SocketServer, clients: SocketClients, effort: MessagesEffort): Promise<number> {
  const { wish, sockets, redis } = effort;
  if (redis === undefined) return 0;
  const messages = 10 * sockets;
  await server.fill();
  await clients.do({ type: "open", address: server.greeting, sockets });
  const commands = await commandsDuring(redis, () => clients.do({ type: "send", wish, messages }));
  await clients.do({ type: "close" });
  return commands / messages;
}

/**
 * A row that does not do its work must not look fast. If each socket has its own session, one update at a time is under
 * way, and none may be lost.
 */
function expectWork(
  variant: SocketVariant,
  { wish, sockets, sessions, messages }: MessagesEffort,
  total: number,
): void {
  const mustBeThere = sockets === sessions || variant === "sessionwire" ? messages : 1;
  const isRight = wish === "update" ? total >= mustBeThere && total <= messages : total === 0;
  if (!isRight) throw new Error(`"${variant}" has ${total} of ${messages} updates in the end.`);
}
