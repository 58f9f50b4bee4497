import type { RedisServer } from "../servers/redis-server.ts";
import { type FaultProxy, startProxy } from "./proxy.ts";

/** A proxy before each of several servers, and the map by which a client finds them. */
export async function startProxies(servers: readonly RedisServer[]) {
  const proxies = new Map<RedisServer, FaultProxy>();
  for (const server of servers) proxies.set(server, await startProxy(server));
  const mapped = [...proxies].map(([server, { port }]) => [`127.0.0.1:${server.port}`, { host: "127.0.0.1", port }]);
  return {
    natMap: Object.fromEntries(mapped) as Record<string, { host: string; port: number }>,
    before(server: RedisServer): FaultProxy {
      const proxy = proxies.get(server);
      if (!proxy) throw new Error("There is no proxy before this server.");
      return proxy;
    },
    get accepted() {
      return [...proxies.values()].reduce((sum, proxy) => sum + proxy.accepted, 0);
    },
    get open() {
      return [...proxies.values()].reduce((sum, proxy) => sum + proxy.open, 0);
    },
    async [Symbol.asyncDispose]() {
      await Promise.all([...proxies.values()].map((proxy) => proxy.close()));
    },
  };
}
