import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "../test/servers/redis-server.ts";
import type { Wish } from "./socket-clients.child.ts";
import { commandsSent } from "./socket-commands.ts";
import { type SocketClients, type SocketServer, startServer } from "./socket-processes.ts";
import { compareSamples, inTurnsWarm } from "./socket-rounds.ts";
import type { SocketVariant } from "./socket-server.child.ts";

export interface MessagesEffort {
  readonly wish: Wish;
  readonly sockets: number;
  readonly sessions: number;
  /** All sockets together. */
  readonly messages: number;
  /** How long the sockets wait before their first message. */
  readonly pauseMs?: number;
  readonly rounds: number;
  /** Without it, the sessions are in memory. */
  readonly redis?: RedisServer;
}

/** Medians over the rounds. */
export interface MessagesResult {
  readonly variant: SocketVariant;
  /** Messages per second as a part of those of the floor in the same round. */
  readonly ratio: number;
  readonly perSecond: number;
  /** Of the server, for each message. */
  readonly cpuMicroseconds: number;
  /** Of a hundred updates that were answered, so many are not in the end. */
  readonly lostPercent: number;
  /** To Redis, for each message. */
  readonly commands: number;
}

/** How fast messages are answered that do something with the session. The floor comes first. */
export async function compareMessages(clients: SocketClients, effort: MessagesEffort): Promise<MessagesResult[]> {
  const variants: SocketVariant[] =
    effort.wish === "echo" ? ["bare", "sessionwire"] : ["by hand", "express-session", "sessionwire"];
  const servers = await Promise.all(variants.map((name) => startServer(name, effort.sessions, effort.redis?.url)));
  const samples = await inTurnsWarm(servers, effort.rounds, (server) => measure(server, clients, effort));
  await Promise.all(servers.map((server) => server.end()));
  return compareSamples(samples).map((result, place) => ({ variant: variants[place] ?? "bare", ...result }));
}

async function measure(server: SocketServer, clients: SocketClients, effort: MessagesEffort) {
  const { wish, sockets, messages, pauseMs, redis } = effort;
  const isSetByScript = server.variant === "sessionwire";
  const sent = () => (redis === undefined ? 0 : commandsSent(redis, isSetByScript));
  await server.fill();
  await clients.do({ type: "open", address: server.address, sockets });
  if (pauseMs !== undefined) await sleep(pauseMs);
  const sentBefore = await sent();
  const cpuBefore = await server.cpu();
  const seconds = await clients.do({ type: "send", wish, messages });
  const cpu = (await server.cpu()) - cpuBefore;
  const commands = (await sent()) - sentBefore;
  const total = await server.total();
  await clients.do({ type: "close" });
  expectWork(server.variant, effort, total);
  return {
    perSecond: messages / seconds,
    cpuMicroseconds: cpu / messages,
    lostPercent: wish === "update" ? (1 - total / messages) * 100 : 0,
    commands: commands / messages,
  };
}

/** A row that does not do its work must not look fast. With a session each, one update at a time is under way, and none may be lost. */
function expectWork(
  variant: SocketVariant,
  { wish, sockets, sessions, messages }: MessagesEffort,
  total: number,
): void {
  const mustBeThere = sockets === sessions || variant === "sessionwire" ? messages : 1;
  const isRight = wish === "update" ? total >= mustBeThere && total <= messages : total === 0;
  if (!isRight) throw new Error(`"${variant}" has ${total} of ${messages} updates in the end.`);
}
