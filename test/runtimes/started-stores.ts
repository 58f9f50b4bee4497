import { startMemcached } from "../servers/memcached-server.ts";
import { startRedis } from "../servers/redis-server.ts";
import { passTime } from "../servers/redis-time.ts";
import { startUpstash } from "../servers/upstash-server.ts";
import type { StoreLink } from "./stores.ts";

/** Starts a store of each kind, and does with it what a runtime asks for. */
export async function startStores(): Promise<StoreLink & AsyncDisposable> {
  const [redis, upstash, memcached] = await Promise.all([
    startRedis(),
    startUpstash(),
    startMemcached({ args: ["-I", "2m"] }), // with room for a session of 1 MiB and its key
  ]);
  const { url, token } = upstash;
  return {
    get sources() {
      const { address, aheadMs } = memcached;
      return { Redis: redis.url, Upstash: { url, token }, Memcached: { address, aheadMs } };
    },
    async ask({ store, advanceMs }) {
      if (store === "Memcached") return memcached.advance(advanceMs ?? 0);
      const server = store === "Redis" ? redis : upstash.redis;
      if (advanceMs === undefined) await server.command("FLUSHALL");
      else await passTime(server, advanceMs);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([redis, upstash, memcached].map((server) => server.stop()));
    },
  };
}
