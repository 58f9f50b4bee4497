import type { RedisServer } from "../../test/servers/redis-server.ts";

/**
 * How many microseconds the server has spent on writes since its statistics were reset. What a script runs is counted with the
 * script, and then again by the server: a SET counts where no script ran.
 */
export async function commandTime({ command }: RedisServer): Promise<number> {
  const stats = String(await command("info", "commandstats"));
  const times = new Map(
    [...stats.matchAll(/cmdstat_(\w+):calls=\d+,usec=(\d+)/g)].map(([, name = "", time]) => [name, Number(time)]),
  );
  const scripts = (times.get("evalsha") ?? 0) + (times.get("eval") ?? 0);
  return scripts > 0 ? scripts : (times.get("set") ?? 0);
}
