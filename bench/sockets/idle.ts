import { setTimeout as sleep } from "node:timers/promises";
import { startRedis } from "../../test/servers/redis-server.ts";
import type { TableRow } from "../tools/report.ts";
import { commandsDuring } from "./commands.ts";
import { variants } from "./handshakes.ts";
import { names, type SocketServer, startClients, startServer } from "./processes.ts";
import type { SocketVariant } from "./server.child.ts";

export const memoryColumns: readonly string[] = ["heap KB", "RSS KB"];

/** Measures idle sockets, each with its own session, in a fresh process for each variant. */
export async function compareMemory(sockets: number, redisUrl: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const variant of variants) {
    const [server, clients] = await Promise.all([startServer(variant, sockets, redisUrl), startClients()]);
    const before = await server.memory();
    await clients.do({ type: "open", address: server.greeting, sockets });
    const after = await server.memory();
    await expectOpen(server, sockets);
    await Promise.all([server.end(), clients.end()]);
    const used = [after.heapUsed - before.heapUsed, after.rss - before.rss];
    rows.push({ name: names[variant], values: used.map((bytes) => bytes / sockets / 1000) });
  }
  return rows;
}

export const idleColumns: readonly string[] = ["heap KB", "commands", "CPU µs"];

const idleVariants: readonly SocketVariant[] = ["bare", "kept by hand", "sessionwire", "heartbeat", "re-validation"];

/**
 * Measures the work that idle sockets cause on their server. All variants run at once, each with its own Redis. Pings
 * and checks happen every 30 s: the measured time starts after the first of each, so that the compiler has seen them.
 */
export function compareIdle(sockets: number, settleMs: number, minutes: number): Promise<TableRow[]> {
  return Promise.all(
    idleVariants.map(async (variant) => {
      await using redis = await startRedis();
      const [server, clients] = await Promise.all([startServer(variant, sockets, redis.url), startClients()]);
      const before = await server.memory();
      await clients.do({ type: "open", address: server.greeting, sockets });
      const heap = (await server.memory()).heapUsed - before.heapUsed;
      await sleep(settleMs);
      const cpuBefore = await server.cpu();
      const commands = await commandsDuring(redis, () => sleep(minutes * 60_000));
      const cpu = (await server.cpu()) - cpuBefore;
      await expectOpen(server, sockets);
      await Promise.all([server.end(), clients.end()]);
      const share = sockets * minutes;
      return { name: names[variant], values: [heap / sockets / 1000, commands / share, cpu / share] };
    }),
  );
}

export async function expectOpen(server: SocketServer, sockets: number): Promise<void> {
  const open = await server.sockets();
  if (open !== sockets) throw new Error(`"${server.variant}" has ${open} sockets of ${sockets}.`);
}
