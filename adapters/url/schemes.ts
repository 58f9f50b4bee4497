import type { SessionHandlerOfUrl } from "../url.ts";
import type { StoreAddress } from "./address.ts";
import { openMemcached } from "./memcached.ts";
import { handlerOptions, numberIn } from "./options.ts";
import { openCluster, openRedis, openSentinel } from "./redis.ts";
import { openUpstash } from "./upstash.ts";

type Open = (address: StoreAddress) => Promise<SessionHandlerOfUrl>;

export const schemes: { readonly [scheme: string]: Open } = {
  memory: openMemory,
  redis: openRedis,
  rediss: openRedis,
  "redis+sentinel": openSentinel,
  "rediss+sentinel": openSentinel,
  "redis+cluster": openCluster,
  "rediss+cluster": openCluster,
  memcached: openMemcached,
  "upstash+https": openUpstash,
  "upstash+http": openUpstash,
};

async function openMemory(address: StoreAddress): Promise<SessionHandlerOfUrl> {
  const { hosts, path, query } = address;
  if (hosts.length > 0 || path !== "") throw new TypeError("The memory has neither host nor path: the URL is memory:");
  const options = handlerOptions(address, ["maxSessions", "maxTotalBytes"]);
  const { createMemoryHandler } = await import("sessionwire/memory");
  return createMemoryHandler({
    ...options,
    maxSessions: numberIn(query, "maxSessions"),
    maxTotalBytes: numberIn(query, "maxTotalBytes"),
  });
}
