import { Redis } from "ioredis";
import { startMemcached } from "../../servers/memcached-server.ts";
import { startRedis } from "../../servers/redis-server.ts";
import { type PhpRequests, type Ports, startPhpRequests } from "./php-requests.ts";
import { openRawSessions, type RawSessions } from "./raw-sessions.ts";

/** A Redis, a Memcached, and a PHP whose sessions are in them. */
export interface StoresAndPhp extends AsyncDisposable {
  readonly ports: Ports;
  readonly php: PhpRequests;
  readonly sessions: RawSessions;
  /** Where requests of PHP wait. */
  readonly control: Redis;
}

export async function startStoresAndPhp(): Promise<StoresAndPhp> {
  const [redis, memcached] = await Promise.all([startRedis(), startMemcached()]);
  const ports = { redis: redis.port, memcached: memcached.port };
  const php = await startPhpRequests(2, ports);
  const sessions = openRawSessions(ports);
  const control = new Redis(redis.port, "127.0.0.1", { db: 1 });
  return {
    ...{ ports, php, sessions, control },
    async [Symbol.asyncDispose]() {
      control.disconnect();
      sessions[Symbol.dispose]();
      await php[Symbol.asyncDispose]();
      await Promise.all([redis.stop(), memcached.stop()]);
    },
  };
}
