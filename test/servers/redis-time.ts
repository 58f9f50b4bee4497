import type { RedisServer } from "./redis-server.ts";

/** Makes time pass for Redis without waiting: every key loses so much of its time to live. That Redis keeps time is tested apart. */
export async function passTime(server: RedisServer, ms: number): Promise<void> {
  const script = `for _, key in ipairs(redis.call('KEYS', '*')) do
    redis.call('PEXPIRE', key, redis.call('PTTL', key) - ARGV[1])
  end`;
  await server.command("EVAL", script, "0", String(ms));
}
