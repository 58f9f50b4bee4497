import { setTimeout as sleep } from "node:timers/promises";
import { startRedis } from "../test/servers/redis-server.ts";
import { commandsSent } from "./socket-commands.ts";
import { variants } from "./socket-handshakes.ts";
import { startClients, startServer } from "./socket-processes.ts";
import { inTurns, mediansOf } from "./socket-rounds.ts";
import type { SocketVariant } from "./socket-server.child.ts";

/** Medians over the rounds, for each socket. */
export interface MemoryResult {
  readonly variant: SocketVariant;
  readonly heapBytes: number;
  readonly residentBytes: number;
}

/** What sockets that do nothing take, each of a session of its own, in a fresh process each time. */
export async function compareMemory(sockets: number, rounds: number, redisUrl: string): Promise<MemoryResult[]> {
  const samples = await inTurns(variants, rounds, async (variant) => {
    const [server, clients] = await Promise.all([startServer(variant, sockets, redisUrl), startClients()]);
    const before = await server.report();
    await clients.do({ type: "open", address: server.address, sockets });
    const after = await server.report();
    if (after.sockets !== sockets) throw new Error(`"${variant}" has ${after.sockets} sockets of ${sockets}.`);
    await Promise.all([server.end(), clients.end()]);
    return {
      heapBytes: (after.heapUsed - before.heapUsed) / sockets,
      residentBytes: (after.rss - before.rss) / sockets,
    };
  });
  return samples.map((row, place) => ({ variant: variants[place] ?? "bare", ...mediansOf(row) }));
}

export interface IdleResult {
  readonly variant: SocketVariant;
  readonly commandsPerMinute: number;
  readonly cpuMicrosecondsPerMinute: number;
}

/**
 * What sockets that do nothing make their server do. All variants at once, each with a Redis of its own. Looks come every 30 s:
 * the time that counts begins in the middle between two of them.
 */
export function compareIdle(sockets: number, settleMs: number, minutes: number): Promise<IdleResult[]> {
  return Promise.all(
    variants.map(async (variant) => {
      await using redis = await startRedis();
      const [server, clients] = await Promise.all([startServer(variant, sockets, redis.url), startClients()]);
      await clients.do({ type: "open", address: server.address, sockets });
      await sleep(settleMs);
      const [sentBefore, cpuBefore] = [await commandsSent(redis, false), await server.cpu()];
      await sleep(minutes * 60_000);
      const [sent, cpu] = [await commandsSent(redis, false), await server.cpu()];
      const { sockets: open } = await server.report();
      if (open !== sockets) throw new Error(`"${variant}" has ${open} sockets of ${sockets}.`);
      await Promise.all([server.end(), clients.end()]);
      const share = sockets * minutes;
      return {
        variant,
        commandsPerMinute: (sent - sentBefore) / share,
        cpuMicrosecondsPerMinute: (cpu - cpuBefore) / share,
      };
    }),
  );
}
