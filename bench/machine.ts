import { cpus } from "node:os";
import type { RedisServer } from "../test/servers/redis-server.ts";

/** What the figures were measured on. */
export async function machine({ command }: RedisServer): Promise<string> {
  const info = String(await command("info", "server"));
  const redisVersion = /redis_version:(\S+)/.exec(info)?.[1] ?? "of an unknown version";
  const [cpu] = cpus();
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cpus().length} cores (${cpu?.model.trim()}), Redis ${redisVersion}`;
}
