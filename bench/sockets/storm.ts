import { setTimeout as sleep } from "node:timers/promises";
import type { RedisServer } from "../../test/servers/redis-server.ts";
import { mediansOf, quantile, sum } from "../tools/numbers.ts";
import type { TableRow } from "../tools/report.ts";
import { commandsDuring } from "./commands.ts";
import { variants } from "./handshakes.ts";
import { names, type SocketClients, type SocketServer, startClients, startServer } from "./processes.ts";
import { inTurns } from "./rounds.ts";

export const stormColumns: readonly string[] = ["CPU µs", "CPU ×", "s", "delay ms", "commands", "refused"];

interface Party {
  readonly server: SocketServer;
  readonly clients: SocketClients;
}

/**
 * Measures how the sockets of a server reconnect after all of them were disconnected at once, each with the cookie of
 * its session.
 */
export async function compareStorms(sockets: number, rounds: number, redis: RedisServer): Promise<TableRow[]> {
  const parties = await Promise.all(
    variants.map(async (variant): Promise<Party> => {
      const [server, clients] = await Promise.all([startServer(variant, sockets, redis.url), startClients()]);
      await clients.do({ type: "open", address: server.greeting, sockets });
      return { server, clients };
    }),
  );
  const samples = await inTurns(parties, rounds, (party) => measure(party, sockets));
  const cpu = samples.map((ofRow) =>
    quantile(
      ofRow.map(({ cpuMicroseconds }) => cpuMicroseconds),
      0.2,
    ),
  );
  const rows: TableRow[] = [];
  for (const [place, party] of parties.entries()) {
    const ofRow = samples[place] ?? [];
    const { seconds, delayMs } = mediansOf(ofRow);
    const commands = (await commandsDuring(redis, () => measure(party, sockets))) / sockets;
    const refused = sum(ofRow.map((sample) => sample.refused));
    const ownCpu = cpu[place] ?? Number.NaN;
    const values = [ownCpu, ownCpu / (cpu[0] ?? Number.NaN), seconds ?? 0, delayMs ?? 0, commands, refused];
    rows.push({ name: names[party.server.variant], values });
  }
  await Promise.all(parties.flatMap(({ server, clients }) => [server.end(), clients.end()]));
  return rows;
}

/** The processor time is that of closing and opening a socket. */
async function measure({ server, clients }: Party, sockets: number) {
  await server.collect();
  await server.watch();
  const cpuBefore = await server.cpu();
  const { seconds, refused } = await clients.storm(server.greeting);
  const cpu = (await server.cpu()) - cpuBefore;
  const delayMs = await server.delay();
  while ((await server.sockets()) !== sockets) await sleep(10); // the close of some may not have been noticed yet
  return { cpuMicroseconds: cpu / sockets, seconds, delayMs, refused };
}
