import type { RedisServer } from "../../test/servers/redis-server.ts";
import type { TableRow } from "../tools/report.ts";
import { compareSamples } from "../tools/slices.ts";
import { commandsDuring } from "./commands.ts";
import { names, type SocketClients, type SocketServer, startServer } from "./processes.ts";
import { inTurns } from "./rounds.ts";
import type { SocketVariant } from "./server.child.ts";

/** The variants that determine the session of a socket. */
export const variants: readonly SocketVariant[] = ["bare", "by hand", "express-session", "sessionwire"];

export const handshakeColumns: readonly string[] = ["CPU µs", "80 %", "CPU ×", "per s", "per s ×", "commands"];

/** Measures how fast sockets are accepted, each with its own session. */
export async function compareHandshakes(
  clients: SocketClients,
  sockets: number,
  rounds: number,
  redis: RedisServer,
): Promise<TableRow[]> {
  const servers = await Promise.all(variants.map((name) => startServer(name, sockets, redis.url)));
  const samples = await inTurns(servers, rounds, measure);
  const rows: TableRow[] = [];
  for (const [place, server] of servers.entries()) {
    const commands = (await commandsDuring(redis, () => measure(server))) / sockets;
    rows.push({
      name: names[server.variant],
      values: [...compareSamples(samples[place] ?? [], samples[0] ?? []), commands],
    });
  }
  await Promise.all(servers.map((server) => server.end()));
  return rows;

  async function measure(server: SocketServer) {
    await server.collect();
    const cpuBefore = await server.cpu();
    const seconds = await clients.do({ type: "open", address: server.greeting, sockets });
    const cpu = (await server.cpu()) - cpuBefore;
    const opened = await server.sockets();
    if (opened !== sockets) throw new Error(`"${server.variant}" has let in ${opened} sockets of ${sockets}.`);
    await clients.do({ type: "close" });
    return { perSecond: sockets / seconds, cpuMicroseconds: cpu / sockets };
  }
}
