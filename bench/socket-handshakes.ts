import type { RedisServer } from "../test/servers/redis-server.ts";
import { commandsSent } from "./socket-commands.ts";
import { type SocketClients, type SocketServer, startServer } from "./socket-processes.ts";
import { compareSamples, inTurnsWarm } from "./socket-rounds.ts";
import type { SocketVariant } from "./socket-server.child.ts";

/** Those that find out whose a socket is. */
export const variants: readonly SocketVariant[] = ["bare", "express-session", "sessionwire"];

/** Medians over the rounds, for each handshake. */
export interface HandshakesResult {
  readonly variant: SocketVariant;
  readonly ratio: number;
  readonly perSecond: number;
  readonly cpuMicroseconds: number;
  readonly commands: number;
}

/** How fast sockets are let in, each on a session of its own. */
export async function compareHandshakes(
  clients: SocketClients,
  sockets: number,
  rounds: number,
  redis: RedisServer,
): Promise<HandshakesResult[]> {
  const servers = await Promise.all(variants.map((name) => startServer(name, sockets, redis.url)));
  const samples = await inTurnsWarm(servers, rounds, measure);
  await Promise.all(servers.map((server) => server.end()));
  return compareSamples(samples).map((result, place) => ({ variant: variants[place] ?? "bare", ...result }));

  async function measure(server: SocketServer) {
    const sentBefore = await commandsSent(redis, false);
    const cpuBefore = await server.cpu();
    const seconds = await clients.do({ type: "open", address: server.address, sockets });
    const cpu = (await server.cpu()) - cpuBefore;
    const commands = (await commandsSent(redis, false)) - sentBefore;
    const { sockets: opened } = await server.report();
    if (opened !== sockets) throw new Error(`"${server.variant}" has let in ${opened} sockets of ${sockets}.`);
    await clients.do({ type: "close" });
    return { perSecond: sockets / seconds, cpuMicroseconds: cpu / sockets, commands: commands / sockets };
  }
}
