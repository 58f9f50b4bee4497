import type { RedisServer } from "../../test/servers/redis-server.ts";

/** The number of commands that clients send to Redis during some work. What a script runs is not sent. */
export async function commandsDuring(redis: RedisServer, work: () => Promise<unknown>): Promise<number> {
  const monitor = await redis.monitor();
  await work();
  await monitor.caughtUp();
  monitor.stop();
  return monitor.commands.length;
}
