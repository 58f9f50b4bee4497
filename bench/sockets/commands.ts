import type { RedisServer } from "../../test/servers/redis-server.ts";

/**
 * Returns the number of commands that clients send to Redis during some work. Commands run by a script do not count.
 */
export async function commandsDuring(redis: RedisServer, work: () => Promise<unknown>): Promise<number> {
  const monitor = await redis.monitor();
  await work();
  await monitor.caughtUp();
  monitor.stop();
  return monitor.commands.length;
}
