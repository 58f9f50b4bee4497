import type { RedisServer } from "../test/servers/redis-server.ts";

/**
 * How many commands clients have sent so far that have to do with sessions. Redis counts those of scripts as well: each write of
 * the Redis handler is one script, with a GET and, unless there is a conflict, a SET, and is counted by its EVALSHA.
 */
export async function commandsSent({ command }: RedisServer, isSetByScript: boolean): Promise<number> {
  const stats = String(await command("info", "commandstats"));
  const calls = new Map(
    [...stats.matchAll(/cmdstat_(\w+):calls=(\d+)/g)].map(([, name = "", count]) => [name, Number(count)]),
  );
  const sum = (commands: readonly string[]) => commands.reduce((all, name) => all + (calls.get(name) ?? 0), 0);
  const sent = sum(["get", "getex", "expire", "del", "ping", "evalsha", "eval"]);
  return isSetByScript ? sent - sum(["evalsha", "eval"]) : sent + sum(["set"]);
}
