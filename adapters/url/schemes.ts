import type { SessionHandlerOfUrl } from "./handler-of-url.ts";
import { openMemcached } from "./memcached.ts";
import { openMemory } from "./memory.ts";
import { openRedis } from "./redis.ts";
import { openUpstash } from "./upstash.ts";

type Open = (url: string) => Promise<SessionHandlerOfUrl>;

export const schemes: { readonly [scheme: string]: Open } = {
  memory: openMemory,
  redis: openRedis,
  rediss: openRedis,
  "redis+unix": openRedis,
  "redis+sentinel": openRedis,
  "rediss+sentinel": openRedis,
  "redis+cluster": openRedis,
  "rediss+cluster": openRedis,
  memcached: openMemcached,
  "upstash+https": openUpstash,
  "upstash+http": openUpstash,
};
