import type { createRedisChannel, RedisChannelOptions } from "sessionwire/redis";
import type { ChannelHarness } from "sessionwire/testing";
import { startProxy } from "../faults/proxy.ts";
import { startRedis } from "../servers/redis-server.ts";

/** Notices within half a second what would take 21 s by default. */
export const soon: RedisChannelOptions = { everySeconds: 0.3, pingTimeoutMs: 300, reconnectTimeoutMs: 1000 };

/** Ten times what such a channel needs to find out. */
export const FOUND_OUT_MS = 10 * (300 + 300);

/** Channels on a server of their own, of this or of a broken version of the package. */
export function redisChannelHarness(create: typeof createRedisChannel): ChannelHarness {
  return {
    async openPlace() {
      const server = await startRedis();
      const proxy = await startProxy(server);
      return {
        create: () => create(proxy.url, soon),
        publishForeign: async (text) => void (await server.command("publish", "sessionwire", text)),
        connections: {
          reset: () => {
            proxy.heal();
            proxy.resetAll();
          },
          silence: () => {
            proxy.silence();
            proxy.newConnections = "silent";
          },
          drop: () => proxy.silence(),
          open: () => proxy.open,
        },
        async [Symbol.asyncDispose]() {
          await proxy.close();
          await server.stop();
        },
      };
    },
  };
}
