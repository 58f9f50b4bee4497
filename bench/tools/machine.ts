import { cpus } from "node:os";
import type { RedisServer } from "../../test/servers/redis-server.ts";

/** Describes the machine and the software of a measurement. */
export async function describeMachine(server: RedisServer): Promise<string> {
  const [cpu] = cpus();
  const cores = `${cpus().length} cores (${cpu?.model.trim()})`;
  return `Node ${process.version}, ${process.platform} ${process.arch}, ${cores}, ${await describeServer(server)}`;
}

/** Returns the name and version of a server: `Redis 7.0.15`, `Valkey 9.1.2`. */
export async function describeServer({ command }: RedisServer): Promise<string> {
  const info = String(await command("info", "server"));
  const valkey = /valkey_version:(\S+)/.exec(info)?.[1];
  return valkey === undefined ? `Redis ${/redis_version:(\S+)/.exec(info)?.[1]}` : `Valkey ${valkey}`;
}
