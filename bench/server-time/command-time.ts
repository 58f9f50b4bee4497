import type { RedisServer } from "../../test/servers/redis-server.ts";

/**
 * Returns the microseconds that the server has spent on writes since its statistics were reset. The server counts the
 * commands of a script twice, alone and within the script, so a SET counts only if no script ran.
 */
export async function commandTime({ command }: RedisServer): Promise<number> {
  const stats = String(await command("info", "commandstats"));
  const times = new Map(
    [...stats.matchAll(/cmdstat_(\w+):calls=\d+,usec=(\d+)/g)].map(([, name = "", time]) => [name, Number(time)]),
  );
  const scripts = (times.get("evalsha") ?? 0) + (times.get("eval") ?? 0);
  return scripts > 0 ? scripts : (times.get("set") ?? 0);
}
