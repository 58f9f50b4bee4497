import { vi } from "vitest";
import type { RedisServer } from "./redis-server.ts";

/**
 * Waits until so many replicas have said that they have all that the master has by now. `WAIT` on a connection of its own does not
 * do: it waits for the writes of that connection. https://redis.io/docs/latest/commands/wait/
 */
export async function replicated(master: RedisServer, replicas: number): Promise<void> {
  const offset = offsetIn(await replicationOf(master));
  await vi.waitUntil(
    async () => {
      const lines = (await replicationOf(master)).match(/^slave\d+:.*state=online.*$/gm) ?? [];
      return lines.filter((line) => Number(/offset=(\d+)/.exec(line)?.[1]) >= offset).length >= replicas;
    },
    { timeout: 30_000, interval: 25 },
  );
}

async function replicationOf(master: RedisServer): Promise<string> {
  return String(await master.command("info", "replication"));
}

function offsetIn(info: string): number {
  return Number(/^master_repl_offset:(\d+)/m.exec(info)?.[1]);
}
