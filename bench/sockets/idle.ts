import { setTimeout as sleep } from "node:timers/promises";
import { startRedis } from "../../test/servers/redis-server.ts";
import type { TableRow } from "../tools/report.ts";
import { commandsDuring } from "./commands.ts";
import { variants } from "./handshakes.ts";
import { names, startClients, startServer } from "./processes.ts";

export const memoryColumns: readonly string[] = ["heap KB", "RSS KB"];

/** Measures sockets that do nothing, each of a session of its own, in a fresh process for each variant. */
export async function compareMemory(sockets: number, redisUrl: string): Promise<TableRow[]> {
  const rows: TableRow[] = [];
  for (const variant of variants) {
    const [server, clients] = await Promise.all([startServer(variant, sockets, redisUrl), startClients()]);
    const before = await server.report();
    await clients.do({ type: "open", address: server.greeting, sockets });
    const after = await server.report();
    if (after.sockets !== sockets) throw new Error(`"${variant}" has ${after.sockets} sockets of ${sockets}.`);
    await Promise.all([server.end(), clients.end()]);
    const used = [after.heapUsed - before.heapUsed, after.rss - before.rss];
    rows.push({ name: names[variant], values: used.map((bytes) => bytes / sockets / 1000) });
  }
  return rows;
}

export const idleColumns: readonly string[] = ["commands", "CPU µs"];

/**
 * What sockets that do nothing make their server do. All variants at once, each with a Redis of its own. Looks come every 30 s:
 * the time that counts begins in the middle between two of them.
 */
export function compareIdle(sockets: number, settleMs: number, minutes: number): Promise<TableRow[]> {
  return Promise.all(
    variants.map(async (variant) => {
      await using redis = await startRedis();
      const [server, clients] = await Promise.all([startServer(variant, sockets, redis.url), startClients()]);
      await clients.do({ type: "open", address: server.greeting, sockets });
      await sleep(settleMs);
      const cpuBefore = await server.cpu();
      const commands = await commandsDuring(redis, () => sleep(minutes * 60_000));
      const cpu = (await server.cpu()) - cpuBefore;
      const { sockets: open } = await server.report();
      if (open !== sockets) throw new Error(`"${variant}" has ${open} sockets of ${sockets}.`);
      await Promise.all([server.end(), clients.end()]);
      const share = sockets * minutes;
      return { name: names[variant], values: [commands / share, cpu / share] };
    }),
  );
}
